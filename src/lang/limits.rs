//! How much an expression may ask for. Values share what they have in common, so a short text can
//! name more than any memory holds: what is past these bounds is an error before it is made.

use std::cell::Cell;

use super::value::{Kind, Value};

/// Rounds of all the `for` of one expression.
const ROUNDS: u32 = 1_000_000;
/// Values that one value may hold, those inside others too, each as often as it occurs.
const VALUES: usize = 2_000_000;
/// How deep values may lie in one another.
const DEPTH: usize = 200;
/// The bytes of one text.
const TEXT: usize = 64 << 20;
/// As much text takes as much room as one value.
const TEXT_OF_A_VALUE: usize = 128;

thread_local! {
    /// The rounds that are left to the expression under evaluation. An evaluation does not leave its
    /// thread, and a template that it renders is a part of it.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Evaluates one expression, and with it all that it leads to.
pub(super) fn counted<T>(evaluate: impl FnOnce() -> T) -> T {
    struct Outermost(bool);
    impl Drop for Outermost {
        fn drop(&mut self) {
            if self.0 {
                LEFT.set(None);
            }
        }
    }
    let outermost = Outermost(LEFT.get().is_none());
    if outermost.0 {
        LEFT.set(Some(ROUNDS));
    }
    evaluate()
}

/// Takes one round; why there is none left.
pub(super) fn round() -> Result<(), String> {
    match LEFT.get() {
        Some(0) => Err(format!("this goes more than {} times through a `for`", grouped(ROUNDS as usize))),
        left => {
            LEFT.set(left.map(|it| it - 1));
            Ok(())
        }
    }
}

/// Refuses a text of so many bytes where that is too much.
pub(super) fn text(length: usize) -> Result<(), String> {
    let most = TEXT >> 20;
    if length > TEXT { Err(format!("this text has more than {most} MiB")) } else { Ok(()) }
}

/// Refuses a value that holds too much or is too deep.
pub(super) fn value(it: &Value) -> Result<(), String> {
    visit(it, DEPTH, &mut { VALUES })
}

fn too_many() -> String {
    format!("this holds more than {} values", grouped(VALUES))
}

fn visit(it: &Value, depth: usize, left: &mut usize) -> Result<(), String> {
    let size = match &it.kind {
        Kind::String(it) => 1 + it.len() / TEXT_OF_A_VALUE,
        _ => 1,
    };
    *left = left.checked_sub(size).ok_or_else(too_many)?;
    if !matches!(it.kind, Kind::List(..) | Kind::Set(..) | Kind::Map(..) | Kind::Tuple(_) | Kind::Object(_)) {
        return Ok(());
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Err(format!("this has more than {DEPTH} values inside one another"));
    };
    it.children().try_for_each(|it| visit(it, depth, left))
}

/// `1,000,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
