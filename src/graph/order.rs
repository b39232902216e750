//! Topological order, and the rings that prevent one.

use std::collections::{BTreeMap, BTreeSet};

/// The nodes in an order in which each comes after all it depends on, and every ring found (what is
/// in a ring, or depends on one, has no place in the order).
pub fn sorted<N: Ord + Clone>(edges: &BTreeMap<N, BTreeSet<N>>) -> (Vec<N>, Vec<Vec<N>>) {
    let mut waiting: BTreeMap<&N, usize> = edges.iter().map(|(n, to)| (n, to.len())).collect();
    let mut back: BTreeMap<&N, Vec<&N>> = BTreeMap::new();
    for (node, to) in edges {
        for it in to {
            back.entry(it).or_default().push(node);
            waiting.entry(it).or_insert(0);
        }
    }
    let mut ready: Vec<&N> = waiting.iter().rev().filter(|it| *it.1 == 0).map(|it| *it.0).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while let Some(node) = ready.pop() {
        waiting.remove(node);
        order.push(node.clone());
        for it in back.get(node).into_iter().flatten() {
            if let Some(left) = waiting.get_mut(it) {
                *left -= 1;
                if *left == 0 {
                    ready.push(it);
                }
            }
        }
    }
    (order, rings(edges, waiting.into_keys().collect()))
}

/// One ring for each knot among the nodes that could not be ordered.
fn rings<N: Ord + Clone>(edges: &BTreeMap<N, BTreeSet<N>>, mut left: BTreeSet<&N>) -> Vec<Vec<N>> {
    let mut out: Vec<Vec<N>> = Vec::new();
    // What merely depends on a ring is in none: walk forward until a node repeats.
    while let Some(start) = left.first().copied() {
        let mut path: Vec<&N> = vec![start];
        loop {
            let last = path[path.len() - 1];
            let next = edges.get(last).into_iter().flatten().find_map(|it| left.get(it).copied());
            match next {
                // It led to a ring that is reported already.
                None => {
                    left.remove(last);
                    break;
                }
                Some(next) => match path.iter().position(|it| *it == next) {
                    Some(at) => {
                        let ring = &path[at..];
                        out.push(ring.iter().map(|it| (*it).clone()).collect());
                        for it in ring {
                            left.remove(*it);
                        }
                        break;
                    }
                    None => path.push(next),
                },
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&'static str, &[&'static str])]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        edges.iter().map(|(n, to)| (*n, to.iter().copied().collect())).collect()
    }

    #[test]
    fn dependencies_come_first() {
        let (order, rings) = sorted(&graph(&[("c", &["a", "b"]), ("b", &["a"]), ("a", &[])]));
        assert_eq!(order, ["a", "b", "c"]);
        assert!(rings.is_empty());
    }

    #[test]
    fn each_ring_is_named_once() {
        let (order, found) = sorted(&graph(&[
            ("a", &["b"]),
            ("b", &["c"]),
            ("c", &["a"]),
            ("d", &["a"]),
            ("e", &["e"]),
            ("f", &[]),
        ]));
        assert_eq!(order, ["f"]);
        assert_eq!(found, [vec!["a", "b", "c"], vec!["e"]]);
    }
}
