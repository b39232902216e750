//! The schema beside a stack, and the line of its file that leads editors there.

use std::io;
use std::path::Path;

use crate::diag::Diagnostic;
use crate::report::Screen;

const FOLDER: &str = ".infra";
const NAME: &str = "stack.schema.json";
const STACK: &str = "stack.toml";
/// How TOML editors name a schema.
const DIRECTIVE: &str = "#:schema";
/// Nothing of it belongs into version control: every version of `infra` writes its own.
const IGNORED: &str = "/.gitignore\n/stack.schema.json\n";

/// Writes the schema below `.infra`, and on the first time a line into `stack.toml`, unless one is there
/// or was taken out again. A stack of `.tf` files needs neither.
pub fn provide(root: &Path, screen: &Screen) -> Result<(), Diagnostic> {
    let stack = root.join(STACK);
    if !stack.is_file() {
        return Ok(());
    }
    let folder = root.join(FOLDER);
    let file = folder.join(NAME);
    let first = !file.exists();
    let schema = format!("{}\n", super::stack_file());
    let same = std::fs::read_to_string(&file).is_ok_and(|it| it == schema);
    if !same {
        let written = write(&folder, &schema);
        written.map_err(|it| Diagnostic::warning(format!("cannot write {FOLDER}/{NAME}: {it}")))?;
    }
    if !first {
        return Ok(());
    }
    let text = std::fs::read_to_string(&stack).map_err(|it| cannot_mark(&it))?;
    let Some(marked) = marked(&text) else { return Ok(()) };
    std::fs::write(&stack, marked).map_err(|it| cannot_mark(&it))?;
    screen.say(format!(
        "Editors find the schema of stack files in {FOLDER}/{NAME}: the first line of {STACK} names it now."
    ));
    Ok(())
}

fn cannot_mark(error: &io::Error) -> Diagnostic {
    let help = format!("editors complete with it as the first line: {DIRECTIVE} ./{FOLDER}/{NAME}");
    Diagnostic::warning(format!("cannot add a line to {STACK}: {error}")).help(help)
}

/// A reader sees the old file or the new one.
fn write(folder: &Path, schema: &str) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        std::fs::write(ignore, IGNORED)?;
    }
    let new = folder.join(format!("{NAME}.{}", std::process::id()));
    std::fs::write(&new, schema)?;
    std::fs::rename(&new, folder.join(NAME))
}

/// The text with the line; `None` where it has one already. Nothing else changes.
fn marked(text: &str) -> Option<String> {
    let (mark, rest) = text.strip_prefix('\u{feff}').map_or(("", text), |it| ("\u{feff}", it));
    let mut top = rest.lines().take_while(|it| it.trim().is_empty() || it.trim_start().starts_with('#'));
    if top.any(|it| it.trim_start().starts_with(DIRECTIVE)) {
        return None;
    }
    let end = if rest.split_once('\n').is_some_and(|it| it.0.ends_with('\r')) { "\r\n" } else { "\n" };
    Some(format!("{mark}{DIRECTIVE} ./{FOLDER}/{NAME}{end}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "#:schema ./.infra/stack.schema.json";

    #[test]
    fn the_line_comes_first_and_nothing_else_changes() {
        assert_eq!(marked("# hello\n[a.b]\n"), Some(format!("{LINE}\n# hello\n[a.b]\n")));
        assert_eq!(marked("[a.b]\r\nc = 1\r\n"), Some(format!("{LINE}\r\n[a.b]\r\nc = 1\r\n")));
        assert_eq!(marked("\u{feff}[a.b]"), Some(format!("\u{feff}{LINE}\n[a.b]")));
        assert_eq!(marked(""), Some(format!("{LINE}\n")));
    }

    #[test]
    fn one_that_is_there_stays() {
        assert_eq!(marked(&format!("# hello\n\n{LINE}\n[a.b]\n")), None);
        assert_eq!(marked("#:schema https://example.com/other.json\n"), None);
    }
}
