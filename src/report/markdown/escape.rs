//! Texts that mean nothing to Markdown or HTML, whatever is in them.

use crate::report::paint::harmless;

/// As code, in a line of text or of HTML.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// A sentence of ours: what stands between backticks is code.
pub fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // One backtick too many is a backtick.
    let paired = parts.len() % 2 == 1;
    let part = |(at, it): (usize, &&str)| if paired && at % 2 == 1 { code(it) } else { plain(it) };
    let joined: Vec<String> = parts.iter().enumerate().map(part).collect();
    joined.join(if paired { "" } else { "&#96;" })
}

/// On one line; what could mean something is written by its number.
pub fn plain(text: &str) -> String {
    let spaced = |it: bool| if it { " " } else { "" };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let blank = words.is_empty();
    let before = spaced(text.starts_with(char::is_whitespace));
    let after = spaced(!blank && text.ends_with(char::is_whitespace));
    let text = format!("{before}{}{after}", harmless(&words));
    let all: Vec<char> = text.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|it| all.get(it)).is_some_and(|it| it.is_alphanumeric());
    let mut out = String::with_capacity(text.len());
    for (at, it) in all.iter().enumerate() {
        let inside = letter(at.checked_sub(1)) && letter(Some(at + 1));
        match it {
            ' ' | ',' | '/' | '(' | ')' | '=' | '?' => out.push(*it),
            // No link, no list, no rule, no emphasis.
            '.' if !all[..at].ends_with(&['w', 'w', 'w']) => out.push(*it),
            '_' | '-' if inside => out.push(*it),
            it if it.is_alphanumeric() || !it.is_ascii() => out.push(*it),
            it => out.push_str(&format!("&#{};", u32::from(*it))),
        }
    }
    out
}

/// Lines as a block that GitHub colours by their first characters, with a fence that none of them closes.
pub fn block(lines: &[String]) -> String {
    let mut longest = 0;
    for line in lines {
        let mut run = 0;
        for it in line.chars() {
            run = if it == '`' { run + 1 } else { 0 };
            longest = longest.max(run);
        }
    }
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}diff\n{}\n{fence}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_means_anything() {
        assert_eq!(plain("a_b <b>*x*</b>"), "a_b &#60;b&#62;&#42;x&#42;&#60;/b&#62;");
        assert_eq!(plain("_x_ @me #1\n- y"), "&#95;x&#95; &#64;me &#35;1 &#45; y");
        assert_eq!(plain("http://www.example.com"), "http&#58;//www&#46;example.com");
        assert_eq!(code("m[\"`\"]"), "<code>m&#91;&#34;&#96;&#34;&#93;</code>");
    }

    #[test]
    fn code_in_sentences_stays_code() {
        assert_eq!(prose("set `a_b` or `c`"), "set <code>a_b</code> or <code>c</code>");
        assert_eq!(prose("one ` alone"), "one &#96; alone");
        assert_eq!(prose("a\n  `b`\nc"), "a <code>b</code> c");
    }

    #[test]
    fn no_line_closes_a_block() {
        let text = block(&["+ a = \"````\"".to_owned()]);
        assert_eq!(text, "`````diff\n+ a = \"````\"\n`````\n");
        assert_eq!(block(&["x".to_owned()]), "```diff\nx\n```\n");
    }
}
