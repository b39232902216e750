//! Making it fit: what matters least is cut first, and what is cut is told.

use super::escape::block;

/// GitHub takes 65,536 characters; a job may want to add a line of its own.
const MOST: usize = 65_000;
/// A single body may take this much before everything else has to give way.
const BODY: usize = MOST / 4;
/// What is kept of a body that is cut.
const KEPT: usize = 4_000;
/// For the line that says what is cut.
const RESERVE: usize = 400;

/// What is kept longest stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Drift,
    Minor,
    Created,
    Outputs,
    Changed,
    Forgotten,
    Warnings,
    Replaced,
    Destroyed,
}

/// A piece of the comment: folded behind its title where it has one.
pub struct Part {
    pub rank: Rank,
    /// The heading that the first of several parts gets.
    pub section: &'static str,
    pub title: String,
    /// What stands for the whole part where there is no room for it.
    pub short: String,
    /// Lines: of a `diff` block where there is a title, of text where not.
    pub body: Vec<String>,
    /// Not folded.
    pub open: bool,
}

/// How much of a part is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Whole,
    Beginning,
    Line,
    Nothing,
}

/// The comment, within the limit.
pub fn fitted(head: &str, parts: Vec<Part>) -> String {
    let mut shown = vec![Shown::Whole; parts.len()];
    let mut sizes: Vec<usize> = parts.iter().map(|it| size(&text(it, Shown::Whole))).collect();
    let room = MOST.saturating_sub(RESERVE + size(head));
    for (at, level) in steps(&parts, &sizes) {
        if sizes.iter().sum::<usize>() <= room {
            break;
        }
        shown[at] = level;
        sizes[at] = size(&text(&parts[at], level));
    }
    put_together(head, &parts, &shown)
}

/// What to cut, one after the other, until it fits: huge bodies first, then from the least important on.
fn steps(parts: &[Part], sizes: &[usize]) -> Vec<(usize, Shown)> {
    let mut least: Vec<usize> = (0..parts.len()).rev().collect();
    least.sort_by_key(|it| parts[*it].rank);
    let huge = least.iter().filter(|it| sizes[**it] > BODY).map(|it| (*it, Shown::Beginning));
    let mut out: Vec<(usize, Shown)> = huge.collect();
    let (minor, major): (Vec<usize>, Vec<usize>) =
        least.into_iter().partition(|it| parts[*it].rank < Rank::Replaced);
    let each = |all: &[usize], level: Shown| all.iter().map(|it| (*it, level)).collect::<Vec<_>>();
    out.extend(each(&minor, Shown::Line));
    out.extend(each(&major, Shown::Beginning));
    out.extend(each(&minor, Shown::Nothing));
    out.extend(each(&major, Shown::Line));
    out.extend(each(&major, Shown::Nothing));
    out
}

fn put_together(head: &str, parts: &[Part], shown: &[Shown]) -> String {
    let mut out = head.to_owned();
    let mut section = "";
    let mut listed = false;
    for (part, level) in parts.iter().zip(shown) {
        if *level == Shown::Nothing {
            continue;
        }
        if part.section != section {
            section = part.section;
            out.push_str(&format!("\n#### {section}\n"));
        }
        // The items of a list stand together.
        let item = *level == Shown::Line;
        if !(item && listed) {
            out.push('\n');
        }
        listed = item;
        out.push_str(&text(part, *level));
    }
    out + &cut(shown)
}

/// What a reader does not see, and how to see it.
fn cut(shown: &[Shown]) -> String {
    let count = |level: Shown| shown.iter().filter(|it| **it == level).count();
    let told = [
        (count(Shown::Beginning), "shown in part"),
        (count(Shown::Line), "shown without the difference"),
        (count(Shown::Nothing), "left out"),
    ];
    let told: Vec<String> =
        told.iter().filter(|it| it.0 > 0).map(|(many, what)| format!("{many} {what}")).collect();
    if told.is_empty() {
        return String::new();
    }
    format!(
        "\n> [!NOTE]\n> A comment holds 65,536 characters. Of {} parts, {}. All of it: <code>infra plan</code>, \
         or <code>infra show PLAN</code> for the plan file.\n",
        shown.len(),
        told.join(", ")
    )
}

fn text(part: &Part, level: Shown) -> String {
    match level {
        Shown::Nothing => String::new(),
        Shown::Line => format!("- {}\n", part.short),
        Shown::Whole => with(part, &part.body),
        Shown::Beginning => with(part, &beginning(&part.body)),
    }
}

fn with(part: &Part, body: &[String]) -> String {
    if part.title.is_empty() {
        return body.iter().map(|it| format!("{it}\n")).collect();
    }
    let open = if part.open { " open" } else { "" };
    format!("<details{open}><summary>{}</summary>\n\n{}\n</details>\n", part.title, block(body))
}

/// Lines from the start, as far as they may go; a line that is too long ends early.
fn beginning(body: &[String]) -> Vec<String> {
    let mut left = KEPT;
    let mut out = Vec::new();
    for line in body {
        if left == 0 {
            break;
        }
        let kept: String = line.chars().take(left).collect();
        left = left.saturating_sub(size(&kept) + 1);
        let whole = kept.len() == line.len();
        out.push(if whole { kept } else { format!("{kept}…") });
    }
    let more = body.len() - out.len();
    if more > 0 {
        out.push(format!(" … {more} more lines"));
    }
    out
}

/// As GitHub counts, or more.
fn size(text: &str) -> usize {
    text.encode_utf16().count()
}
