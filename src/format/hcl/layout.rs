//! White space between tokens: lines are indented by the brackets that are open, tokens set apart,
//! and the `=` and the comments of lines that follow one another stand below each other.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::spaces;
use super::token::{Kind, Token};

/// A line in its cells: what comes first, `= …` where all of a value stands in the line, and the
/// comment after it.
struct Line {
    lead: Range<usize>,
    assign: Range<usize>,
    comment: Range<usize>,
}

/// Sets the space before each token.
pub fn arrange(tokens: &mut [Token]) {
    let lines = lines(tokens);
    indent(&lines, tokens);
    for line in &lines {
        space(&mut tokens[line.lead.clone()]);
        if let [first, ..] = &mut tokens[line.assign.clone()] {
            first.before = 1;
        }
        space(&mut tokens[line.assign.clone()]);
    }
    align(&lines, tokens, |it| &it.assign, |it| it.lead.clone());
    align(&lines, tokens, |it| &it.comment, |it| it.lead.start..it.assign.end);
}

/// Sets the space between the tokens of each line, and leaves the starts of lines as they are.
pub fn space_only(tokens: &mut [Token]) {
    for line in split(tokens) {
        space(&mut tokens[line]);
    }
}

fn split(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, it) in tokens.iter().enumerate() {
        if it.ends_line() {
            out.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < tokens.len() {
        out.push(start..tokens.len());
    }
    out
}

fn lines(tokens: &[Token]) -> Vec<Line> {
    let all = split(tokens).into_iter().map(|it| {
        let commented = it.len() > 1 && tokens[it.end - 1].kind == Kind::Comment;
        let end = if commented { it.end - 1 } else { it.end };
        let mut after_first = it.start + 1..end;
        let equal = after_first.find(|at| tokens[*at].kind == Kind::Equal);
        let whole = |at: &usize| tokens[*at..end].iter().map(Token::depth).sum::<i32>() == 0;
        let assign = equal.filter(whole).unwrap_or(end);
        Line { lead: it.start..assign, assign: assign..end, comment: end..it.end }
    });
    all.collect()
}

fn indent(lines: &[Line], tokens: &mut [Token]) {
    // For each level, how many brackets its line has opened.
    let mut open: Vec<i32> = Vec::new();
    for line in lines {
        let all = &mut tokens[line.lead.start..line.assign.end];
        if let [first, ..] = all
            && first.kind == Kind::Newline
        {
            first.before = 0;
            continue;
        }
        // What a heredoc opens inside of its text is not counted, what it closes is: so it is there too.
        let before_heredoc = all.iter().take_while(|it| it.kind != Kind::OpenHeredoc);
        let change: i32 = before_heredoc.map(Token::depth).sum();
        if change < 0 {
            close(&mut open, -change);
        }
        if let [first, ..] = all {
            first.before = 2 * open.len();
        }
        if change > 0 {
            open.push(change);
        }
    }
}

fn close(open: &mut Vec<i32>, mut closed: i32) {
    while closed > 0
        && let Some(last) = open.last_mut()
    {
        if closed < *last {
            *last -= closed;
            return;
        }
        closed -= *last;
        open.pop();
    }
}

fn space(line: &mut [Token]) {
    for at in 1..line.len() {
        let before = at.checked_sub(2).map(|it| &line[it]);
        let wanted = spaces::after(&line[at - 1], before, &line[at]);
        line[at].before = usize::from(wanted);
    }
}

/// Lines that follow one another have this cell at the same column.
fn align(
    lines: &[Line],
    tokens: &mut [Token],
    cell: fn(&Line) -> &Range<usize>,
    left_of: fn(&Line) -> Range<usize>,
) {
    let mut rest = lines;
    while let Some(start) = rest.iter().position(|it| !cell(it).is_empty()) {
        let chain = &rest[start..];
        let length = chain.iter().position(|it| cell(it).is_empty()).unwrap_or(chain.len());
        let (chain, after) = chain.split_at(length);
        let widths: Vec<usize> = chain.iter().map(|it| columns(&tokens[left_of(it)])).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in chain.iter().zip(widths) {
            tokens[cell(line).start].before = widest - width + 1;
        }
        rest = after;
    }
}

fn columns(tokens: &[Token]) -> usize {
    tokens.iter().map(|it| it.before + it.text.graphemes(true).count()).sum()
}
