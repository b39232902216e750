//! Deflate: repetitions are found through chains of positions with the same hash, and one is only
//! taken when the next position has no longer one.

use super::blocks::{Blocks, Token};

/// Shorter repetitions are not looked for.
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
const WINDOW: usize = 1 << 15;
const HASH_BITS: u32 = 17;
/// So many tokens make a block.
const BLOCK: usize = 1 << 14;
/// After one of this length the next position is not searched at all.
const LAZY: usize = 16;
/// One of this length ends the search.
const NICE: usize = 128;
const CHAIN: usize = 128;
/// Short repetitions are not worth it from further away.
const NEAR: usize = 4096;

/// The compressed bytes, flushed once and then ended.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut it = Search {
        bytes,
        heads: vec![0; 1 << HASH_BITS],
        before: vec![0; WINDOW],
        tokens: Vec::new(),
        start: 0,
        blocks: Blocks::default(),
    };
    it.run();
    it.blocks.finish()
}

struct Search<'a> {
    bytes: &'a [u8],
    /// By hash: the last position with it, plus one.
    heads: Vec<u32>,
    /// By position: the one before it with the same hash, plus one.
    before: Vec<u32>,
    tokens: Vec<Token>,
    /// Where the block began.
    start: usize,
    blocks: Blocks,
}

/// A repetition: so many bytes as stood so far back.
#[derive(Clone, Copy, Default)]
struct Match {
    length: usize,
    distance: usize,
}

impl Search<'_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut last = Match { length: SHORTEST - 1, distance: 0 };
        // Whether the byte before this one is still to be written.
        let mut waiting = false;
        while at < self.bytes.len() {
            let head = self.insert(at);
            let mut found = Match { length: SHORTEST - 1, distance: 0 };
            let left = self.bytes.len() - at;
            if let Some(head) = head
                && left > last.length
                && last.length < LAZY
                && at - head <= WINDOW
            {
                found = self.longest(at, head).unwrap_or(found);
            }
            if last.length >= SHORTEST && found.length <= last.length {
                let end = at + last.length - 1;
                self.push(Token::Repeat { length: last.length, distance: last.distance }, end);
                (at + 1..end).for_each(|it| {
                    self.insert(it);
                });
                at = end;
                waiting = false;
                last = Match { length: SHORTEST - 1, distance: 0 };
            } else {
                if waiting {
                    self.push(Token::Byte(self.bytes[at - 1]), at);
                }
                at += 1;
                waiting = true;
                last = found;
            }
        }
        if waiting {
            self.tokens.push(Token::Byte(self.bytes[at - 1]));
        }
        self.end_block(at);
    }

    fn push(&mut self, token: Token, end: usize) {
        self.tokens.push(token);
        if self.tokens.len() == BLOCK {
            self.end_block(end);
        }
    }

    fn end_block(&mut self, end: usize) {
        if !self.tokens.is_empty() {
            self.blocks.write(&self.tokens, &self.bytes[self.start..end]);
        }
        self.tokens.clear();
        self.start = end;
    }

    /// Puts a position into the chain of its hash; gives the one that was first there.
    fn insert(&mut self, at: usize) -> Option<usize> {
        let four = self.bytes.get(at..at + SHORTEST)?.first_chunk::<SHORTEST>()?;
        let hash = u32::from_be_bytes(*four).wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS);
        let head = &mut self.heads[hash as usize];
        let before = std::mem::replace(head, at as u32 + 1);
        self.before[at % WINDOW] = before;
        (before as usize).checked_sub(1)
    }

    fn longest(&self, at: usize, head: usize) -> Option<Match> {
        let most = LONGEST.min(self.bytes.len() - at);
        let nice = NICE.min(most);
        let mut best = Match { length: SHORTEST - 1, distance: 0 };
        let least = at.saturating_sub(WINDOW);
        let mut candidate = head;
        for _ in 0..CHAIN {
            if self.bytes[at + best.length] == self.bytes[candidate + best.length] {
                let length = self.common(candidate, at, most);
                let distance = at - candidate;
                if length > best.length && (length > SHORTEST || distance <= NEAR) {
                    best = Match { length, distance };
                    if length >= nice {
                        break;
                    }
                }
            }
            let next = (self.before[candidate % WINDOW] as usize).checked_sub(1);
            match next.filter(|it| candidate != least && *it >= least && *it < candidate) {
                Some(next) => candidate = next,
                None => break,
            }
        }
        (best.distance > 0).then_some(best)
    }

    fn common(&self, a: usize, b: usize, most: usize) -> usize {
        let pairs = self.bytes[a..].iter().zip(&self.bytes[b..b + most]);
        pairs.take_while(|(a, b)| a == b).count()
    }
}
