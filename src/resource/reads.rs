//! What reading costs: each type says the least that its service's API allows, and why. A test counts
//! the calls of each, and `docs/reads.md` is made of it.

/// The calls of a refresh of one type, and why there cannot be fewer.
#[derive(Debug, Clone, Copy)]
pub struct Reads {
    pub calls: &'static [Cost],
    pub why: &'static str,
}

/// How often one operation is called.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Such as `ec2:DescribeVpcs`.
    pub call: &'static str,
    /// For so many things once.
    pub per: usize,
    /// Only where there are at least so many of them …
    pub from: usize,
    /// … and at most so many.
    pub to: usize,
    pub with: With,
}

/// Who shares the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// Nobody.
    None,
    /// Other types that name the same operation: their things go into the same calls.
    Pooled,
    /// Other types that name the same operation: one answer tells of the things of all of them.
    Same,
}

impl Reads {
    /// Nothing is asked.
    pub const NOTHING: Reads = Reads { calls: &[], why: "nothing is asked of AWS" };

    pub const fn of(calls: &'static [Cost], why: &'static str) -> Reads {
        Reads { calls, why }
    }

    /// The calls for so many things, where nothing else shares them.
    pub fn for_many(&self, many: usize) -> impl Iterator<Item = (&'static str, usize)> {
        let calls = self.calls.iter().map(move |it| (it.call, it.times(many)));
        calls.filter(|it| it.1 > 0)
    }

    /// Whether a call that names some things may name several: reading two at once then takes fewer calls than
    /// reading one and another. What pays only for many is nothing that a look at a few does.
    pub fn shares(&self) -> bool {
        self.calls.iter().any(|it| it.per > 1 && it.per < usize::MAX && it.from == 1)
    }
}

impl Cost {
    const fn new(call: &'static str, per: usize) -> Cost {
        Cost { call, per, from: 1, to: usize::MAX, with: With::None }
    }
    /// Once for each thing.
    pub const fn each(call: &'static str) -> Cost {
        Cost::new(call, 1)
    }
    /// Once for so many things.
    pub const fn page(call: &'static str, per: usize) -> Cost {
        Cost::new(call, per)
    }
    /// Once, however many there are.
    pub const fn once(call: &'static str) -> Cost {
        Cost::new(call, usize::MAX)
    }
    /// Only where there are at least so many things.
    pub const fn from(self, from: usize) -> Cost {
        Cost { from, ..self }
    }
    /// Only where there are no more things.
    pub const fn to(self, to: usize) -> Cost {
        Cost { to, ..self }
    }
    /// Things of other types go into the same calls.
    pub const fn pooled(self) -> Cost {
        Cost { with: With::Pooled, ..self }
    }
    /// The answers tell of things of other types too.
    pub const fn same(self) -> Cost {
        Cost { with: With::Same, ..self }
    }

    pub fn times(&self, many: usize) -> usize {
        if many < self.from || many > self.to { 0 } else { many.div_ceil(self.per) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_follow_from_the_number_of_things() {
        const IT: Reads = Reads::of(
            &[Cost::each("a:Get").to(3), Cost::page("a:List", 100).from(4), Cost::once("a:Who")],
            "so it is",
        );
        let all = |many| IT.for_many(many).collect::<Vec<_>>();
        assert!(all(0).is_empty());
        assert_eq!(all(3), [("a:Get", 3), ("a:Who", 1)]);
        assert_eq!(all(101), [("a:List", 2), ("a:Who", 1)]);
    }

    #[test]
    fn company_helps_where_a_call_names_several() {
        let shares = |calls| Reads::of(calls, "so it is").shares();
        assert!(shares(const { &[Cost::each("a:Get"), Cost::page("a:Describe", 10)] }));
        assert!(!shares(
            const { &[Cost::each("a:Get").to(3), Cost::page("a:List", 100).from(4), Cost::once("a:All")] }
        ));
    }
}
