//! Expressions of several lines, with the answers of `terraform console` 1.11.4:
//! `console/lines/regenerate.py` asks again.

use super::recorded::{ours, scope};

#[test]
fn lines_read_as_terraforms() {
    let names = scope();
    let mut wrong = Vec::new();
    for case in include_str!("console/lines/expr_lines.txt").split(">>>\n").skip(1) {
        let (text, theirs) = case.split_once("\n---\n").unwrap();
        let ours = ours(text, &names);
        let ours = if ours.starts_with('!') && theirs.trim_end() == "!" { "!" } else { &ours };
        if ours != theirs.trim_end_matches('\n') {
            wrong.push(format!(">>>\n{text}\n--- theirs\n{theirs}\n--- ours\n{ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
