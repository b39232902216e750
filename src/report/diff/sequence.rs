//! Which items of two sequences belong together.

use crate::lang::{Kind, Value};

/// Positions in both sequences, in the order to show; `None` where one side lacks the item.
pub type Positions = Vec<(Option<usize>, Option<usize>)>;

/// Tables larger than this are not worth the time: a faster, rougher way takes over.
const TABLE: usize = 4_000_000;

/// Pairs the items of two sequences by their longest common subsequence. Between two common items,
/// what went and what came are paired with each other where `alike` says that both may be one thing
/// that changed.
pub fn pairs<T>(
    before: &[T],
    after: &[T],
    equal: impl Fn(&T, &T) -> bool,
    alike: impl Fn(&T, &T) -> bool,
) -> Positions {
    let mut out = Positions::new();
    let (mut b, mut a) = (0, 0);
    let mut common = common(before, after, &equal);
    common.push((before.len(), after.len()));
    for (next_b, next_a) in common {
        while b < next_b {
            let changed = a < next_a && alike(&before[b], &after[a]);
            out.push((Some(b), changed.then_some(a)));
            b += 1;
            a += usize::from(changed);
        }
        while a < next_a {
            out.push((None, Some(a)));
            a += 1;
        }
        if next_b < before.len() && next_a < after.len() {
            out.push((Some(next_b), Some(next_a)));
        }
        (b, a) = (next_b + 1, next_a + 1);
    }
    out
}

/// Positions of the longest common subsequence.
fn common<T>(before: &[T], after: &[T], equal: impl Fn(&T, &T) -> bool) -> Vec<(usize, usize)> {
    let head = before.iter().zip(after).take_while(|(b, a)| equal(b, a)).count();
    let (rest_b, rest_a) = (&before[head..], &after[head..]);
    let tail = rest_b.iter().rev().zip(rest_a.iter().rev()).take_while(|(b, a)| equal(b, a)).count();
    let (middle_b, middle_a) = (&rest_b[..rest_b.len() - tail], &rest_a[..rest_a.len() - tail]);
    let mut out: Vec<_> = (0..head).map(|i| (i, i)).collect();
    if middle_b.len().saturating_mul(middle_a.len()) <= TABLE {
        out.extend(table(middle_b, middle_a, equal).into_iter().map(|(b, a)| (head + b, head + a)));
    }
    out.extend((0..tail).rev().map(|i| (before.len() - 1 - i, after.len() - 1 - i)));
    out
}

/// The classical table, walked back from its end.
fn table<T>(before: &[T], after: &[T], equal: impl Fn(&T, &T) -> bool) -> Vec<(usize, usize)> {
    let wide = after.len() + 1;
    let mut lengths = vec![0u32; (before.len() + 1) * wide];
    let mut equals = vec![false; before.len() * after.len()];
    for (b, was) in before.iter().enumerate() {
        for (a, will) in after.iter().enumerate() {
            let (above, left) = (lengths[b * wide + a + 1], lengths[(b + 1) * wide + a]);
            let both = equal(was, will);
            equals[b * after.len() + a] = both;
            let through = if both { lengths[b * wide + a] + 1 } else { 0 };
            lengths[(b + 1) * wide + a + 1] = above.max(left).max(through);
        }
    }
    let (mut b, mut a) = (before.len(), after.len());
    let mut out = Vec::new();
    while b > 0 && a > 0 {
        if equals[(b - 1) * after.len() + a - 1] {
            out.push((b - 1, a - 1));
            (b, a) = (b - 1, a - 1);
        } else if lengths[b * wide + a - 1] == lengths[b * wide + a] {
            a -= 1;
        } else {
            b -= 1;
        }
    }
    out.reverse();
    out
}

/// Whether two values look the same: marks and element types aside. The unknown equals nothing.
pub fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => false,
        (Kind::Null(_), Kind::Null(_)) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a == b,
        (Kind::Set(_, a), Kind::Set(_, b)) => same_items(a, b) || same_members(a, b),
        _ => match (a.as_items(), b.as_items(), a.as_fields(), b.as_fields()) {
            (Some(a), Some(b), ..) => same_items(a, b),
            (_, _, Some(a), Some(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && same(a.1, b.1))
            }
            _ => false,
        },
    }
}

fn same_items(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn same_members(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().all(|it| b.iter().any(|other| same(it, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, after: &str) -> Positions {
        let (before, after) = (before.as_bytes(), after.as_bytes());
        pairs(before, after, |b, a| b == a, |_, _| false)
    }

    #[test]
    fn common_items_stay_together() {
        assert_eq!(of("abc", "abc"), [(Some(0), Some(0)), (Some(1), Some(1)), (Some(2), Some(2))]);
        assert_eq!(
            of("abc", "axc"),
            [(Some(0), Some(0)), (Some(1), None), (None, Some(1)), (Some(2), Some(2))]
        );
        assert_eq!(of("", "a"), [(None, Some(0))]);
        assert_eq!(of("ab", "b"), [(Some(0), None), (Some(1), Some(0))]);
    }

    #[test]
    fn what_is_alike_is_one_thing_that_changed() {
        let positions = pairs(&[1, 2, 3], &[1, 5, 3, 4], |b, a| b == a, |_, _| true);
        assert_eq!(positions, [(Some(0), Some(0)), (Some(1), Some(1)), (Some(2), Some(2)), (None, Some(3))]);
    }

    #[test]
    fn very_long_ones_take_no_table() {
        let (before, after): (Vec<_>, Vec<_>) = ((0..5000).collect(), (1..5001).rev().collect());
        let positions = pairs(&before, &after, |b, a| b == a, |_, _| false);
        assert_eq!(positions.iter().filter_map(|it| it.0).count(), 5000);
        assert_eq!(positions.iter().filter_map(|it| it.1).count(), 5000);
    }
}
