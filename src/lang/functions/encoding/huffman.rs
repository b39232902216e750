//! Codes by frequency, none longer than a limit.

/// The bits of a code, the last one first, as deflate writes them.
#[derive(Clone, Copy, Default)]
pub(super) struct Code {
    pub bits: u16,
    pub length: u8,
}

impl Code {
    pub fn new(bits: u16, length: u8) -> Code {
        Code { bits: bits.reverse_bits() >> (16 - u16::from(length)), length }
    }
}

/// A code for each symbol that occurs.
pub(super) fn codes(counts: &[u32], limit: usize) -> Vec<Code> {
    let mut out = vec![Code::default(); counts.len()];
    let mut leaves: Vec<(u32, usize)> =
        counts.iter().enumerate().filter(|it| *it.1 > 0).map(|it| (*it.1, it.0)).collect();
    if leaves.len() <= 2 {
        for (at, (_, symbol)) in leaves.iter().enumerate() {
            out[*symbol] = Code::new(at as u16, 1);
        }
        return out;
    }
    leaves.sort_unstable();
    let mut code = 0u16;
    // The most frequent have the shortest codes; among those of a length symbols count up.
    for (length, count) in lengths(&leaves, limit).into_iter().enumerate() {
        code <<= 1;
        let mut chosen: Vec<usize> =
            leaves.split_off(leaves.len() - count).into_iter().map(|it| it.1).collect();
        chosen.sort_unstable();
        for symbol in chosen {
            out[symbol] = Code::new(code, length as u8);
            code += 1;
        }
    }
    out
}

/// One level of the search: pairs of what the level below has, and leaves, by frequency.
#[derive(Clone, Default)]
struct Level {
    last: u64,
    next_leaf: u64,
    next_pair: u64,
    needed: usize,
    /// How many leaves stand left of the last item's ancestor in each level below, and in this one.
    leaves: Vec<usize>,
}

const NONE: u64 = u64::MAX;

/// How many symbols get a code of each length, from 0 on (package-merge, only as much as is needed).
/// There are at least three, the rarest first.
fn lengths(leaves: &[(u32, usize)], limit: usize) -> Vec<usize> {
    let count = leaves.len();
    let limit = limit.min(count - 1);
    let frequency = |at: usize| leaves.get(at).map_or(NONE, |it| it.0.into());
    let start = |level: usize| {
        let mut counts = vec![0; limit + 1];
        counts[level] = 2;
        let pair = if level == 1 { NONE } else { frequency(0) + frequency(1) };
        Level { last: frequency(1), next_leaf: frequency(2), next_pair: pair, needed: 0, leaves: counts }
    };
    let mut levels: Vec<Level> = (0..limit + 2)
        .map(|it| {
            if it == 0 {
                Level { leaves: vec![0; limit + 1], ..Level::default() }
            } else {
                start(it.min(limit))
            }
        })
        .collect();
    levels[limit].needed = 2 * count - 4;
    let mut at = limit;
    loop {
        if levels[at].next_pair == NONE && levels[at].next_leaf == NONE {
            // Nothing is left here: never come back.
            levels[at].needed = 0;
            levels[at + 1].next_pair = NONE;
            at += 1;
            continue;
        }
        let before = levels[at].last;
        if levels[at].next_leaf < levels[at].next_pair {
            let taken = levels[at].leaves[at] + 1;
            let level = &mut levels[at];
            level.last = level.next_leaf;
            level.leaves[at] = taken;
            level.next_leaf = frequency(taken);
        } else {
            levels[at].last = levels[at].next_pair;
            let below = levels[at - 1].leaves[..at].to_vec();
            levels[at].leaves[..at].copy_from_slice(&below);
            levels[at - 1].needed = 2;
        }
        levels[at].needed -= 1;
        if levels[at].needed == 0 {
            if at == limit {
                break;
            }
            levels[at + 1].next_pair = before + levels[at].last;
            at += 1;
        } else {
            while levels[at - 1].needed > 0 {
                at -= 1;
            }
        }
    }
    let all = &levels[limit].leaves;
    std::iter::once(0).chain((1..=limit).rev().map(|it| all[it] - all[it - 1])).collect()
}
