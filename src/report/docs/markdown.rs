//! A page for the web.

use super::{Entry, Line, Page, Piece};

/// The page as Markdown.
pub fn page_markdown(page: &Page) -> String {
    let mut out = format!("# {}\n\n*{}*\n{}", text(&page.title), page.about, running(&page.body));
    for it in &page.sections {
        if !it.title.is_empty() {
            out.push_str(&format!("\n## {}\n", it.title));
        }
        out.push_str(&running(&it.body));
        if !it.entries.is_empty() {
            out.push('\n');
        }
        it.entries.iter().for_each(|it| entry(it, 0, &mut out));
    }
    out
}

fn entry(it: &Entry, depth: usize, out: &mut String) {
    let margin = "  ".repeat(depth);
    let facts: Vec<&str> = std::iter::once(it.ty.as_str())
        .chain(it.notes.iter().map(String::as_str))
        .filter(|it| !it.is_empty())
        .collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", text(&facts.join(", "))) };
    let doc: Vec<String> = super::pieces(&it.doc).iter().map(one_line).collect();
    out.push_str(&format!("{margin}- `{}`{facts}: {}\n", it.name, doc.join(" ")));
    it.inner.iter().for_each(|it| entry(it, depth + 1, out));
}

fn one_line(piece: &Piece) -> String {
    match piece {
        Piece::Paragraph(it) | Piece::Item(it) => text(it),
        Piece::Code(_, it) => format!("`{}`", it.replace(['\n', '`'], " ")),
    }
}

fn running(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut listed = false;
    for piece in pieces {
        let item = matches!(piece, Piece::Item(_));
        if !(item && listed) {
            out.push('\n');
        }
        listed = item;
        out.push_str(&match piece {
            Piece::Paragraph(it) => format!("{}\n", text(it)),
            Piece::Item(it) => format!("- {}\n", text(it)),
            Piece::Code(language, it) => format!("```{language}\n{it}\n```\n"),
        });
    }
    out
}

/// Our sentences are Markdown but for what looks like HTML outside of code.
fn text(it: &str) -> String {
    let part = |(at, it): (usize, &str)| {
        if at % 2 == 0 { it.replace('<', "&lt;").replace('*', "\\*") } else { it.to_owned() }
    };
    it.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}

/// Lines of the index, a table for each group.
pub fn list_markdown(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut group = "";
    for it in lines {
        if it.group != group {
            group = it.group;
            let gap = if out.is_empty() { "" } else { "\n" };
            out.push_str(&format!("{gap}## {group}\n\n| name | what it is |\n|---|---|\n"));
        }
        out.push_str(&format!("| `{}` | {} |\n", it.name, text(&it.doc).replace('|', "\\|")));
    }
    out
}
