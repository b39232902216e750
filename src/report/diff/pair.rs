//! A value as it was and as it will be.

use crate::lang::{Kind, Type, Value};

/// A value as it was and as it will be; `None` is absence, which is not the same as a written null.
#[derive(Debug, Clone, Default)]
pub struct Pair<'a> {
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
    /// What is left, here, of the paths that force a replacement.
    replace: Vec<&'a [String]>,
    /// The schema says that it is sensitive.
    secret: bool,
    /// Sensitivity has been dealt with.
    bare: bool,
}

impl<'a> Pair<'a> {
    pub fn new(before: Option<&'a Value>, after: Option<&'a Value>) -> Self {
        Pair { before, after, ..Pair::default() }
    }

    pub fn replaced_by(mut self, paths: &'a [Vec<String>]) -> Self {
        self.replace = paths.iter().map(Vec::as_slice).collect();
        self
    }

    pub fn secret(mut self, secret: bool) -> Self {
        self.secret = secret;
        self
    }

    /// Null counts as absent: a body cannot tell them apart.
    pub fn implicit(mut self) -> Self {
        self.before = self.before.filter(|it| !it.is_null());
        self.after = self.after.filter(|it| !it.is_null());
        self
    }

    /// Null, and of text the empty one too, counts as absent: the provider's types of old keep one for
    /// the other.
    pub fn said(self, ty: &Type) -> Self {
        let said = |it: &&Value| *ty != Type::String || it.as_str() != Some("");
        let it = self.implicit();
        Pair { before: it.before.filter(said), after: it.after.filter(said), ..it }
    }

    /// The same without its sensitivity.
    pub fn bared(&self) -> Self {
        Pair { bare: true, ..self.clone() }
    }

    /// Only what was.
    pub fn removal(&self) -> Self {
        Pair { after: None, replace: Vec::new(), ..self.clone() }
    }

    /// Only what will be.
    pub fn addition(&self) -> Self {
        Pair { before: None, ..self.clone() }
    }

    /// The attribute or key of that name on both sides.
    pub fn field(&self, name: &str) -> Pair<'a> {
        let inner = |it: Option<&'a Value>| it.and_then(|it| it.get(name));
        Pair::new(inner(self.before), inner(self.after)).under(&self.replace, name)
    }

    /// The items at these positions; a position past the end is absence.
    pub fn item(&self, before: Option<usize>, after: Option<usize>) -> Pair<'a> {
        let at = |it: Option<&'a Value>, i: Option<usize>| it?.as_items()?.get(i?);
        let pair = Pair::new(at(self.before, before), at(self.after, after));
        match after.or(before) {
            Some(i) => pair.under(&self.replace, &i.to_string()),
            None => pair,
        }
    }

    fn under(mut self, paths: &[&'a [String]], name: &str) -> Pair<'a> {
        let inner = |it: &&'a [String]| it.split_first().filter(|(first, _)| *first == name).map(|it| it.1);
        self.replace = paths.iter().filter_map(inner).collect();
        self
    }

    pub fn replaces(&self) -> bool {
        self.replace.iter().any(|it| it.is_empty())
    }

    pub fn was_secret(&self) -> bool {
        self.before.is_some_and(|it| self.hides(it))
    }

    pub fn will_be_secret(&self) -> bool {
        self.after.is_some_and(|it| self.hides(it))
    }

    fn hides(&self, value: &Value) -> bool {
        // One sensitive item makes the whole set sensitive: its order would tell.
        let within = || matches!(value.kind, Kind::Set(..)) && value.deep_marks().sensitive;
        !self.bare && (self.secret || value.marks.sensitive || within())
    }

    pub fn is_unknown(&self) -> bool {
        self.after.is_some_and(Value::is_unknown)
    }

    /// Neither was there nor will be, or is null on both sides.
    pub fn is_void(&self) -> bool {
        let void = |it: Option<&Value>| it.is_none_or(Value::is_null);
        void(self.before) && void(self.after)
    }
}
