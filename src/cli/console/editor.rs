//! A line that is typed: it can be moved in, completed, and taken from those before.

use std::io;

use console::{Key, Term};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::complete::{Names, common};
use crate::report::Screen;

pub enum Line {
    Text(String),
    /// Ctrl-C with something typed.
    Cancelled,
    /// Ctrl-D, or Ctrl-C with nothing typed.
    End,
}

pub struct Editor<'a> {
    screen: &'a Screen,
    term: Term,
    names: &'a Names<'a>,
    /// The oldest first.
    pub history: Vec<String>,
}

/// What stands in the line now.
#[derive(Default)]
struct Typed {
    text: Vec<char>,
    cursor: usize,
}

/// What a key makes of the line.
enum Step {
    Go,
    Done(Line),
}

impl<'a> Editor<'a> {
    pub fn new(screen: &'a Screen, history: Vec<String>, names: &'a Names<'a>) -> Self {
        Editor { screen, term: Term::stdout(), names, history }
    }

    /// Keeps a line, unless it is the last one again.
    pub fn remember(&mut self, text: &str) {
        let one = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        if !one.is_empty() && self.history.last() != Some(&one) {
            self.history.push(one);
        }
    }

    pub fn read(&mut self, prompt: &str) -> io::Result<Line> {
        let mut typed = Typed::default();
        // One past the newest: the line that is new.
        let mut at = self.history.len();
        let mut kept = Vec::new();
        loop {
            self.draw(prompt, &typed)?;
            let key = match self.term.read_key_raw() {
                Err(it) if it.kind() == io::ErrorKind::Interrupted => Key::CtrlC,
                other => other?,
            };
            match key {
                Key::ArrowUp | Key::Char('\x10') if at > 0 => {
                    if at == self.history.len() {
                        kept = std::mem::take(&mut typed.text);
                    }
                    at -= 1;
                    typed = Typed::of(&self.history[at]);
                }
                Key::ArrowDown | Key::Char('\x0e') if at < self.history.len() => {
                    at += 1;
                    typed = match self.history.get(at) {
                        Some(text) => Typed::of(text),
                        None => Typed { cursor: kept.len(), text: std::mem::take(&mut kept) },
                    };
                }
                Key::Tab => self.complete(&mut typed)?,
                Key::Char('\x0c') => self.screen.print("\x1b[2J\x1b[H")?,
                key => {
                    if let Step::Done(line) = typed.key(&key) {
                        typed.cursor = typed.text.len();
                        self.draw(prompt, &typed)?;
                        self.screen.print("\r\n")?;
                        return Ok(line);
                    }
                }
            }
        }
    }

    /// As much of the line as fits, with the cursor in sight.
    fn draw(&self, prompt: &str, typed: &Typed) -> io::Result<()> {
        let columns = usize::from(self.term.size().1).max(20);
        let room = columns - prompt.width() - 1;
        let width = |it: &[char]| it.iter().map(|it| it.width().unwrap_or(0)).sum::<usize>();
        let mut from = 0;
        while width(&typed.text[from..typed.cursor]) > room {
            from += 1;
        }
        let mut to = typed.cursor;
        while to < typed.text.len() && width(&typed.text[from..=to]) <= room {
            to += 1;
        }
        let shown: String = typed.text[from..to].iter().collect();
        let back = width(&typed.text[typed.cursor..to]);
        let back = if back > 0 { format!("\x1b[{back}D") } else { String::new() };
        self.screen.print(format!("\r\x1b[K{prompt}{shown}{back}"))
    }

    /// What all candidates have in common is filled in; where that is nothing new, they are shown.
    fn complete(&self, typed: &mut Typed) -> io::Result<()> {
        let before: String = typed.text[..typed.cursor].iter().collect();
        let (start, all) = self.names.complete(&before);
        let word = &before[start..];
        let new = common(&all);
        if new.len() > word.len() {
            let more: Vec<char> = new[word.len()..].chars().collect();
            typed.insert(&more);
        } else if all.len() > 1 {
            let columns = usize::from(self.term.size().1).max(20);
            self.screen.print(format!("\r\n{}", listed(&all, columns)))?;
        }
        Ok(())
    }
}

/// In as many columns as fit.
fn listed(all: &[String], columns: usize) -> String {
    const MOST: usize = 200;
    let widest = all.iter().map(|it| it.width()).max().unwrap_or(0) + 2;
    let across = (columns / widest).max(1);
    let mut out = String::new();
    for row in all[..all.len().min(MOST)].chunks(across) {
        let cells = row.iter().map(|it| format!("{it:widest$}"));
        out.push_str(cells.collect::<String>().trim_end());
        out.push_str("\r\n");
    }
    if all.len() > MOST {
        out.push_str(&format!("… and {} more\r\n", all.len() - MOST));
    }
    out
}

impl Typed {
    fn of(text: &str) -> Typed {
        let text: Vec<char> = text.chars().collect();
        Typed { cursor: text.len(), text }
    }

    fn insert(&mut self, more: &[char]) {
        self.text.splice(self.cursor..self.cursor, more.iter().copied());
        self.cursor += more.len();
    }

    fn key(&mut self, key: &Key) -> Step {
        let end = self.text.len();
        match key {
            Key::Enter => return Step::Done(Line::Text(self.text.iter().collect())),
            Key::CtrlC if self.text.is_empty() => return Step::Done(Line::End),
            Key::CtrlC => return Step::Done(Line::Cancelled),
            Key::Char('\x04') if self.text.is_empty() => return Step::Done(Line::End),
            Key::Char('\x04') | Key::Del if self.cursor < end => drop(self.text.remove(self.cursor)),
            Key::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.text.remove(self.cursor);
            }
            Key::ArrowLeft | Key::Char('\x02') => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowRight | Key::Char('\x06') => self.cursor = end.min(self.cursor + 1),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = end,
            // To the end, to the start, the word before.
            Key::Char('\x0b') => self.text.truncate(self.cursor),
            Key::Char('\x15') => self.cut(0),
            Key::Char('\x17') => {
                let blank = |it: &char| it.is_whitespace();
                let word = self.text[..self.cursor].iter().rposition(|it| !blank(it));
                let start = word.and_then(|at| self.text[..at].iter().rposition(blank));
                self.cut(start.map_or(0, |it| it + 1));
            }
            Key::Char(it) if !it.is_control() => self.insert(&[*it]),
            _ => {}
        }
        Step::Go
    }

    fn cut(&mut self, from: usize) {
        self.text.drain(from..self.cursor);
        self.cursor = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(keys: &[Key]) -> (String, usize) {
        let mut typed = Typed::default();
        keys.iter().for_each(|it| drop(typed.key(it)));
        (typed.text.iter().collect(), typed.cursor)
    }

    fn keys(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    #[test]
    fn a_line_is_edited() {
        let mut all = keys("var.xs");
        all.extend([Key::ArrowLeft, Key::Backspace, Key::Char('é'), Key::Home, Key::Del, Key::Char('V')]);
        assert_eq!(after(&all), ("Var.és".to_owned(), 1));
        let mut all = keys("a  bc d");
        all.extend([Key::ArrowLeft, Key::ArrowLeft, Key::Char('\x17')]);
        assert_eq!(after(&all), ("a   d".to_owned(), 3));
        all.extend([Key::Char('\x0b'), Key::End, Key::Char('\x15'), Key::Backspace, Key::Del]);
        assert_eq!(after(&all), (String::new(), 0));
    }

    #[test]
    fn candidates_stand_in_columns() {
        let all = ["aa", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&all, 8), "aa  b\r\nc\r\n");
        assert_eq!(common(&["var.ab".into(), "var.ac".into()]), "var.a");
        assert_eq!(common(&[]), "");
    }
}
