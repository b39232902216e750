//! The way out: every byte that we print passes here.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use crate::diag::Diagnostics;

/// Text is wrapped at this many columns where the terminal does not say how wide it is.
const COLUMNS: usize = 78;

/// Standard output and standard error, with colours where they are wanted.
pub struct Screen {
    out: RefCell<Sink>,
    error: RefCell<Sink>,
    pub columns: usize,
    /// Whether a message for programs has been printed.
    pub(super) streaming: Cell<bool>,
    /// Of warnings only the first line is shown.
    pub compact: Cell<bool>,
    /// Nothing is said of the refresh.
    pub concise: Cell<bool>,
    /// Whether programs are told of everything, errors too.
    pub(super) programs: Cell<bool>,
    /// Where standard output is one document.
    pub(super) document: RefCell<Option<Document>>,
}

/// What belongs into a document besides the plan.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub stack: String,
    pub warnings: Diagnostics,
}

enum Sink {
    Out(AutoStream<io::Stdout>),
    Error(AutoStream<io::Stderr>),
    Captured(String),
}

impl Screen {
    /// The process's own. Colours appear where it is a terminal and neither `NO_COLOR` nor
    /// `no_color` says otherwise.
    pub fn new(no_color: bool) -> Self {
        let choice = |auto: ColorChoice| if no_color { ColorChoice::Never } else { auto };
        let (out, error) = (io::stdout(), io::stderr());
        let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
        let (for_out, for_error) = (AutoStream::choice(&out), AutoStream::choice(&error));
        Screen {
            out: Sink::Out(AutoStream::new(out, choice(for_out))).into(),
            error: Sink::Error(AutoStream::new(error, choice(for_error))).into(),
            columns: columns.filter(|it| *it >= 20).unwrap_or(COLUMNS),
            streaming: Cell::new(false),
            compact: Cell::new(false),
            concise: Cell::new(false),
            programs: Cell::new(false),
            document: RefCell::default(),
        }
    }

    /// One that keeps what it is given, without colours.
    pub fn captured() -> Self {
        let sink = || Sink::Captured(String::new()).into();
        Screen {
            out: sink(),
            error: sink(),
            columns: COLUMNS,
            streaming: Cell::new(false),
            compact: Cell::new(false),
            concise: Cell::new(false),
            programs: Cell::new(false),
            document: RefCell::default(),
        }
    }

    /// What a captured screen was given: output and errors.
    pub fn taken(&self) -> (String, String) {
        let take = |it: &RefCell<Sink>| match &mut *it.borrow_mut() {
            Sink::Captured(text) => std::mem::take(text),
            _ => String::new(),
        };
        (take(&self.out), take(&self.error))
    }

    /// Prints to standard output, as it is.
    pub fn print(&self, text: impl AsRef<str>) -> io::Result<()> {
        self.out.borrow_mut().write(text.as_ref())
    }

    /// Prints a line to standard output.
    pub fn line(&self, text: impl AsRef<str>) -> io::Result<()> {
        self.print(format!("{}\n", text.as_ref()))
    }

    /// Prints to standard error, as it is.
    pub fn complain(&self, text: impl AsRef<str>) -> io::Result<()> {
        self.error.borrow_mut().write(text.as_ref())
    }

    /// Prints bytes to standard output untouched: `output --raw`.
    pub fn raw(&self, text: &str) -> io::Result<()> {
        match &mut *self.out.borrow_mut() {
            Sink::Out(it) => quietly(it.as_inner().lock().write_all(text.as_bytes())),
            other => other.write(text),
        }
    }

    /// From here on standard output is one document in Markdown, about the stack of this name where it
    /// has none of its own; news go to standard error.
    pub fn becomes_document(&self, stack: &str) {
        let warnings = Diagnostics::default();
        self.document.replace(Some(Document { stack: stack.to_owned(), warnings }));
    }

    /// A text with its colours, where standard output shows them.
    pub(super) fn coloured(&self, text: &str) -> String {
        match &*self.out.borrow() {
            Sink::Out(it) if it.current_choice() != ColorChoice::Never => text.to_owned(),
            _ => super::paint::stripped(text),
        }
    }

    /// Whether standard output is a terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(&*self.out.borrow(), Sink::Out(it) if it.is_terminal())
    }
}

impl Sink {
    fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Sink::Out(it) => quietly(it.write_all(text.as_bytes()).and_then(|()| it.flush())),
            Sink::Error(it) => quietly(it.write_all(text.as_bytes()).and_then(|()| it.flush())),
            Sink::Captured(it) => {
                it.push_str(&super::paint::stripped(text));
                Ok(())
            }
        }
    }
}

/// A reader that went away, such as `head`, is no reason to stop an apply half way.
fn quietly(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(it) if it.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::paint::bold;

    #[test]
    fn a_captured_screen_has_no_colours() {
        let screen = Screen::captured();
        screen.line(bold("a")).unwrap();
        screen.complain("b").unwrap();
        assert_eq!(screen.taken(), ("a\n".into(), "b".into()));
        assert_eq!(screen.taken(), (String::new(), String::new()));
    }
}
