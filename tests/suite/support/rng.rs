//! Numbers that look random and are the same for the same seed.

/// SplitMix64.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// From 0, below 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

#[test]
fn shares_are_spread_evenly() {
    let mut rng = Rng::new(7);
    let low = (0..10_000).filter(|_| rng.share() < 0.25).count();
    assert!((2_300..2_700).contains(&low), "{low}");
}

/// The seed of tests that try a few of very many things: the same each time, so that a change is not refused
/// for what it has nothing to do with; `INFRA_SEED=17` tries others, `INFRA_SEED=now` others each time.
pub fn seed() -> u64 {
    let now = || std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as u64;
    match std::env::var("INFRA_SEED").ok().filter(|it| !it.is_empty()) {
        None => 1,
        Some(it) if it == "now" => now(),
        Some(it) => it.parse().expect("INFRA_SEED is a number, or `now`"),
    }
}
