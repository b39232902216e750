//! What is wrong, where, and what to write instead: plain data that `report` draws.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// A file we read, kept so that an error can show its line.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// As the user would type it: relative to the current folder where that is shorter.
    pub path: PathBuf,
    pub text: String,
}

/// A stretch of a file: byte offsets into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Range<usize>,
}

impl Place {
    pub fn new(file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        Place { file: file.clone(), span }
    }

    /// Line and column, both from 1; the column counts characters.
    pub fn line_column(&self) -> (usize, usize) {
        let text = &self.file.text;
        let mut at = self.span.start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        (line, before[start..].chars().count() + 1)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing to tell the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// One line: what is wrong.
    pub summary: String,
    /// Where; absent for errors that have no line, such as a refusal by AWS of a thing in the state only.
    pub place: Option<Place>,
    /// A few words under the underlined span.
    pub label: Option<String>,
    /// The whole story where one line is not enough.
    pub detail: Option<String>,
    /// What to write or do instead.
    pub help: Option<String>,
    /// The address of the resource it is about.
    pub address: Option<String>,
}

impl Diagnostic {
    pub fn error(summary: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            summary: summary.into(),
            place: None,
            label: None,
            detail: None,
            help: None,
            address: None,
        }
    }
    pub fn warning(summary: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(summary) }
    }
    pub fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into());
        self
    }
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }
    pub fn about(mut self, address: impl ToString) -> Self {
        self.address = Some(address.to_string());
        self
    }
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Everything found wrong so far; the whole of it is reported at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    pub fn push(&mut self, one: Diagnostic) {
        if !self.0.contains(&one) {
            self.0.push(one);
        }
    }
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        others.into_iter().for_each(|it| self.push(it));
    }
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }
    /// `Ok` with the value where nothing is an error (warnings stay in `self`).
    pub fn check<T>(&self, value: T) -> Result<T, Diagnostics> {
        if self.has_errors() { Err(self.clone()) } else { Ok(value) }
    }
    /// Keeps what is wrong with a result, and its value where there is one.
    pub fn take<T>(&mut self, result: Result<T, Diagnostics>) -> Option<T> {
        match result {
            Ok(it) => Some(it),
            Err(errors) => {
                self.extend(errors.0);
                None
            }
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Diagnostics(vec![one])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for it in &self.0 {
            writeln!(f, "{}", it.summary)?;
        }
        Ok(())
    }
}

/// The candidate most like `word`, phrased as a question, where one is near enough.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|it| (strsim::jaro_winkler(it, word), it))
        .filter(|it| it.0 > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|it| format!("did you mean `{}`?", it.1))
}
