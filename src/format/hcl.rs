//! Layout of HCL, as Terraform's own formatter lays it out: only white space changes, and a few
//! legacy spellings.

mod check;
mod layout;
pub mod lexer;
mod spaces;
mod tidy;
pub mod token;

pub use check::check;
use token::{Kind, Token};

/// A whole `.tf` or `.tfvars` file. It must be valid; what is not, comes back in no order.
pub fn file(text: &str) -> String {
    let mut tokens = tidy::tidy(&lexer::code(text));
    layout::arrange(&mut tokens);
    written(&tokens)
}

/// An expression.
pub fn expression(text: &str) -> String {
    laid_out(text, lexer::code(text), layout::arrange)
}

/// The type of a variable, written out where old Terraform had a shorter word for it.
pub fn variable_type(text: &str) -> String {
    let tokens = lexer::code(text);
    let mut tokens = tidy::of_type(&tokens);
    layout::arrange(&mut tokens);
    written(&tokens)
}

/// The text of a string that may hold `${…}` and `%{…}`: what stands inside them is laid out,
/// literal text stays as it is.
pub fn template(text: &str) -> String {
    let tokens = lexer::template(text);
    let lone = is_lone(&tokens);
    laid_out(text, tokens, if lone { layout::arrange } else { layout::space_only })
}

/// Whether a template is nothing but one `${…}`.
pub fn is_lone(tokens: &[Token]) -> bool {
    if tokens.first().is_none_or(|it| it.kind != Kind::Interpolation) {
        return false;
    }
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += it.depth();
        depth == 0
    });
    end.is_some_and(|it| it + 1 == tokens.len())
}

/// Only white space may change: where anything else would, the text stays as it is.
fn laid_out<'a>(text: &'a str, mut tokens: Vec<Token<'a>>, arrange: fn(&mut [Token])) -> String {
    arrange(&mut tokens);
    let out = written(&tokens);
    let again = if tokens.first().is_some_and(|it| is_template(it.kind)) {
        lexer::template(&out)
    } else {
        lexer::code(&out)
    };
    let same = |(a, b): (&Token, &Token)| a.kind == b.kind && a.text == b.text;
    if again.len() == tokens.len() && again.iter().zip(&tokens).all(same) { out } else { text.to_owned() }
}

fn is_template(kind: Kind) -> bool {
    matches!(kind, Kind::Literal | Kind::Interpolation | Kind::Directive)
}

fn written(tokens: &[Token]) -> String {
    let mut out = String::new();
    for it in tokens {
        out.extend(std::iter::repeat_n(' ', it.before));
        out.push_str(it.text);
    }
    out
}
