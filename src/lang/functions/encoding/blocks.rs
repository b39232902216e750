//! The blocks of deflate: each stored, with fixed codes or with its own, whichever is the shortest.

use super::huffman::{Code, codes};

/// What a block is made of.
#[derive(Clone, Copy)]
pub(super) enum Token {
    Byte(u8),
    Repeat { length: usize, distance: usize },
}

const END: usize = 256;
/// The code of the shortest length.
const LENGTHS: usize = 257;
const LARGEST_STORED: usize = 65_535;

/// The first length of each code, and the bits that follow it.
const LENGTH_CODES: [(usize, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// Lengths of codes are written in this order.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The code of a distance, its first distance, and the bits that follow.
fn distance_code(distance: usize) -> (usize, usize, u32) {
    let zero = distance - 1;
    if zero < 4 {
        return (zero, distance, 0);
    }
    let bits = zero.ilog2() - 1;
    let code = 2 * (bits as usize + 1) + ((zero >> bits) & 1);
    (code, ((2 + (code & 1)) << bits) + 1, bits)
}

fn length_code(length: usize) -> (usize, usize, u32) {
    let at = LENGTH_CODES.partition_point(|it| it.0 <= length) - 1;
    (LENGTHS + at, LENGTH_CODES[at].0, LENGTH_CODES[at].1)
}

/// A part of a code's length list: a length, or a repetition with its count and how many bits that has.
struct Step {
    code: usize,
    extra: u32,
    bits: u32,
}

#[derive(Default)]
pub(super) struct Blocks {
    out: Vec<u8>,
    pending: u64,
    count: u32,
}

/// How often each code occurs.
struct Counts {
    letters: Vec<u32>,
    distances: Vec<u32>,
    /// The bits that follow codes, in all.
    extra: usize,
}

impl Counts {
    fn of(tokens: &[Token]) -> Counts {
        let mut out = Counts { letters: vec![0; 286], distances: vec![0; 30], extra: 0 };
        out.letters[END] = 1;
        for it in tokens {
            match *it {
                Token::Byte(it) => out.letters[usize::from(it)] += 1,
                Token::Repeat { length, distance } => {
                    let (letter, _, bits) = length_code(length);
                    let (code, _, more) = distance_code(distance);
                    out.letters[letter] += 1;
                    out.distances[code] += 1;
                    out.extra += (bits + more) as usize;
                }
            }
        }
        // There has to be a code for distances, even if none occurs.
        if out.distances.iter().all(|it| *it == 0) {
            out.distances[0] = 1;
        }
        out
    }
}

fn size(counts: &[u32], codes: &[Code]) -> usize {
    counts.iter().zip(codes).map(|(count, code)| *count as usize * code.length as usize).sum()
}

fn used(counts: &[u32]) -> usize {
    counts.iter().rposition(|it| *it > 0).map_or(0, |it| it + 1)
}

impl Blocks {
    pub fn write(&mut self, tokens: &[Token], bytes: &[u8]) {
        let counts = Counts::of(tokens);
        let (letters, distances) = (codes(&counts.letters, 15), codes(&counts.distances, 15));
        let storable = bytes.len() <= LARGEST_STORED;
        // The bits after codes are the same either way: they count where storing is a choice only.
        let extra = if storable { counts.extra } else { 0 };
        let plan = Plan::new(&counts, &letters, &distances);
        let own = plan.size + size(&counts.letters, &letters) + size(&counts.distances, &distances) + extra;
        let (fixed_letters, fixed_distances) = fixed();
        let fixed =
            3 + size(&counts.letters, &fixed_letters) + size(&counts.distances, &fixed_distances) + extra;
        if storable && (bytes.len() + 5) * 8 < own.min(fixed) {
            return self.store(bytes, false);
        }
        if own < fixed {
            self.own_header(&plan);
            self.tokens(tokens, &letters, &distances);
        } else {
            self.bits(0b010, 3);
            self.tokens(tokens, &fixed_letters, &fixed_distances);
        }
    }

    /// Flushes, and writes the last block, which is empty.
    pub fn finish(mut self) -> Vec<u8> {
        self.store(&[], false);
        self.store(&[], true);
        self.out
    }

    fn bits(&mut self, bits: u32, count: u32) {
        self.pending |= u64::from(bits) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    fn store(&mut self, bytes: &[u8], last: bool) {
        self.bits(u32::from(last), 3);
        if self.count > 0 {
            self.bits(0, 8 - self.count);
        }
        let length = bytes.len() as u16;
        self.out.extend(length.to_le_bytes());
        self.out.extend((!length).to_le_bytes());
        self.out.extend(bytes);
    }

    fn code(&mut self, code: Code) {
        self.bits(code.bits.into(), code.length.into());
    }

    fn tokens(&mut self, tokens: &[Token], letters: &[Code], distances: &[Code]) {
        for it in tokens {
            match *it {
                Token::Byte(it) => self.code(letters[usize::from(it)]),
                Token::Repeat { length, distance } => {
                    let (letter, first, bits) = length_code(length);
                    self.code(letters[letter]);
                    self.bits((length - first) as u32, bits);
                    let (code, first, bits) = distance_code(distance);
                    self.code(distances[code]);
                    self.bits((distance - first) as u32, bits);
                }
            }
        }
        self.code(letters[END]);
    }

    fn own_header(&mut self, plan: &Plan) {
        self.bits(0b100, 3);
        self.bits(plan.letters as u32 - 257, 5);
        self.bits(plan.distances as u32 - 1, 5);
        self.bits(plan.written as u32 - 4, 4);
        for at in &ORDER[..plan.written] {
            self.bits(plan.codes[*at].length.into(), 3);
        }
        for it in &plan.steps {
            self.code(plan.codes[it.code]);
            self.bits(it.extra, it.bits);
        }
    }
}

/// How the lengths of a block's own codes are written.
struct Plan {
    letters: usize,
    distances: usize,
    steps: Vec<Step>,
    codes: Vec<Code>,
    /// How many lengths of those codes are written.
    written: usize,
    size: usize,
}

impl Plan {
    fn new(counts: &Counts, letters: &[Code], distances: &[Code]) -> Plan {
        let (letter_count, distance_count) = (used(&counts.letters), used(&counts.distances));
        let all = letters[..letter_count].iter().chain(&distances[..distance_count]);
        let steps = steps(&all.map(|it| it.length).collect::<Vec<_>>());
        let mut frequencies = vec![0u32; 19];
        steps.iter().for_each(|it| frequencies[it.code] += 1);
        let codes = codes(&frequencies, 7);
        let last = ORDER.iter().rposition(|it| frequencies[*it] > 0).map_or(0, |it| it + 1);
        let written = last.max(4);
        let extra: usize = steps.iter().map(|it| it.bits as usize).sum();
        let size = 3 + 5 + 5 + 4 + 3 * written + size(&frequencies, &codes) + extra;
        Plan { letters: letter_count, distances: distance_count, steps, codes, written, size }
    }
}

/// Lengths with their repetitions: 16 repeats the last one, 17 and 18 are zeros.
fn steps(lengths: &[u8]) -> Vec<Step> {
    let mut out = Vec::new();
    for run in lengths.chunk_by(|a, b| a == b) {
        let length = usize::from(run[0]);
        let mut left = run.len();
        let mut repeat = |code: usize, count: usize, least: usize, bits: u32| {
            out.push(Step { code, extra: (count - least) as u32, bits });
        };
        if length != 0 {
            repeat(length, 0, 0, 0);
            left -= 1;
            while left >= 3 {
                let count = left.min(6);
                repeat(16, count, 3, 2);
                left -= count;
            }
        } else {
            while left >= 11 {
                let count = left.min(138);
                repeat(18, count, 11, 7);
                left -= count;
            }
            if left >= 3 {
                repeat(17, left, 3, 3);
                left = 0;
            }
        }
        (0..left).for_each(|_| repeat(length, 0, 0, 0));
    }
    out
}

/// The codes that need no description.
fn fixed() -> (Vec<Code>, Vec<Code>) {
    let letter = |it: u16| {
        let (bits, length) = match it {
            0..=143 => (it + 48, 8),
            144..=255 => (it + 400 - 144, 9),
            256..=279 => (it - 256, 7),
            _ => (it + 192 - 280, 8),
        };
        Code::new(bits, length)
    };
    ((0..288).map(letter).collect(), (0..30).map(|it| Code::new(it, 5)).collect())
}
