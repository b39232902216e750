//! A page for the terminal.

use unicode_width::UnicodeWidthStr;

use super::{Entry, Line, Page, Piece, Section};
use crate::report::paint::{BOLD, CYAN, DIM, YELLOW, bold, padded, paint, wrapped};

/// The page; no line of running text is wider than `columns`.
pub fn page_text(page: &Page, columns: usize) -> String {
    let gap = columns.saturating_sub(page.title.width() + page.about.width()).max(2);
    let mut out = format!("{}{}{}\n", bold(&page.title), " ".repeat(gap), paint(DIM, page.about));
    out.push_str(&running(&page.body, 2, columns));
    for it in &page.sections {
        out.push_str(&section(it, columns));
    }
    out
}

fn section(it: &Section, columns: usize) -> String {
    let mut out = String::new();
    if !it.title.is_empty() {
        out.push_str(&format!("\n{}\n", bold(it.title)));
    }
    out.push_str(&running(&it.body, 2, columns));
    it.entries.iter().for_each(|it| entry(it, 2, columns, &mut out));
    out
}

fn entry(it: &Entry, indent: usize, columns: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    let facts: Vec<&str> =
        std::iter::once(&it.ty).chain(&it.notes).filter(|it| !it.is_empty()).map(String::as_str).collect();
    let name = paint(CYAN.effects(BOLD.get_effects()), &it.name);
    let plain = facts.join(", ");
    if indent + it.name.width() + 2 + plain.width() <= columns {
        out.push_str(&format!("\n{margin}{name}  {}\n", painted(&facts)));
    } else {
        let wide = columns.saturating_sub(indent + 4).max(20);
        let facts = moved(&wrapped(&plain, wide), &format!("{margin}    "));
        out.push_str(&format!("\n{margin}{name}\n{}", paint(DIM, facts)));
    }
    out.push_str(running(&super::pieces(&it.doc), indent + 4, columns).trim_start_matches('\n'));
    it.inner.iter().for_each(|it| entry(it, indent + 4, columns, out));
}

fn painted(facts: &[&str]) -> String {
    let one = |it: &&str| if *it == "required" { paint(YELLOW, it) } else { paint(DIM, it) };
    facts.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Running text, each piece after an empty line.
fn running(pieces: &[Piece], indent: usize, columns: usize) -> String {
    let margin = " ".repeat(indent);
    let wide = columns.saturating_sub(indent).max(20);
    let mut out = String::new();
    let mut listed = false;
    for piece in pieces {
        let item = matches!(piece, Piece::Item(_));
        if !(item && listed) {
            out.push('\n');
        }
        listed = item;
        match piece {
            Piece::Paragraph(text) => out.push_str(&moved(&wrapped(text, wide), &margin)),
            Piece::Item(text) => {
                let text = moved(&wrapped(text, wide.saturating_sub(2)), &format!("{margin}  "));
                out.push_str(&format!("{margin}- {}", text.trim_start()));
            }
            Piece::Code(_, text) => out.push_str(&moved(text, &format!("{margin}  "))),
        }
    }
    out
}

fn moved(text: &str, margin: &str) -> String {
    let line = |it: &str| if it.is_empty() { "\n".to_owned() } else { format!("{margin}{it}\n") };
    text.lines().map(line).collect()
}

/// Names longer than this push their lines to the right.
const LONGEST: usize = 40;

/// Lines of the index, group by group.
pub fn list_text(lines: &[Line], columns: usize) -> String {
    let mut out = String::new();
    let mut group = "";
    let longest = lines.iter().map(|it| it.name.width()).filter(|it| *it <= LONGEST).max().unwrap_or(0);
    for it in lines {
        if it.group != group {
            group = it.group;
            let gap = if out.is_empty() { "" } else { "\n" };
            out.push_str(&format!("{gap}{}\n", bold(group)));
        }
        let name = padded(&it.name, longest);
        // On one line, as far as there is room.
        let room = columns.saturating_sub(name.width() + 3).max(20);
        let first = wrapped(&it.doc, room);
        let mut parts = first.lines();
        let doc = parts.next().unwrap_or_default().to_owned();
        let more = if parts.next().is_some() { "…" } else { "" };
        out.push_str(&format!("  {} {doc}{more}\n", paint(CYAN, name)));
    }
    out
}
