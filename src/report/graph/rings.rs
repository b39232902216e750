//! Rings among arrows, and the arrows that others say already.

use std::collections::{BTreeSet, VecDeque};

type Arrows = BTreeSet<(usize, usize)>;

/// The arrows that are part of a ring: those whose end leads back to their start.
pub fn found(count: usize, arrows: &Arrows) -> Arrows {
    let reach = reach(count, arrows);
    arrows.iter().copied().filter(|(from, to)| from == to || reach[*to].contains(from)).collect()
}

/// The arrows without those whose end another arrow from the same box leads to; a ring stays whole.
pub fn reduced(count: usize, arrows: &Arrows, rings: &Arrows) -> Arrows {
    let reach = reach(count, arrows);
    let mut direct = vec![Vec::new(); count];
    arrows.iter().for_each(|(from, to)| direct[*from].push(*to));
    let other_way = |(from, to): &(usize, usize)| {
        // What stands in one ring with the end is no way around the arrow, nor is the ring of the start.
        let through = direct[*from].iter().filter(|it| *it != to && !rings.contains(&(*from, **it)));
        through.into_iter().any(|it| reach[*it].contains(to) && !reach[*to].contains(it))
    };
    arrows.iter().copied().filter(|it| rings.contains(it) || !other_way(it)).collect()
}

/// For each box, all that its arrows lead to.
fn reach(count: usize, arrows: &Arrows) -> Vec<BTreeSet<usize>> {
    let mut direct = vec![Vec::new(); count];
    arrows.iter().for_each(|(from, to)| direct[*from].push(*to));
    let all = |from: usize| {
        let mut seen = BTreeSet::new();
        let mut open = VecDeque::from(direct[from].clone());
        while let Some(it) = open.pop_front() {
            if seen.insert(it) {
                open.extend(&direct[it]);
            }
        }
        seen
    };
    (0..count).map(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_way_makes_an_arrow_needless() {
        let arrows = Arrows::from([(0, 1), (1, 2), (0, 2), (0, 3)]);
        assert_eq!(found(4, &arrows), Arrows::new());
        assert_eq!(reduced(4, &arrows, &Arrows::new()), Arrows::from([(0, 1), (1, 2), (0, 3)]));
    }

    #[test]
    fn rings_stay_whole() {
        let arrows = Arrows::from([(0, 1), (1, 0), (2, 0), (2, 1), (3, 3)]);
        let rings = found(4, &arrows);
        assert_eq!(rings, Arrows::from([(0, 1), (1, 0), (3, 3)]));
        assert_eq!(reduced(4, &arrows, &rings), arrows);
    }
}
