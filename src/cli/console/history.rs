//! What was typed in earlier sessions.

use std::io::Write;
use std::path::PathBuf;

/// More than this is forgotten, the oldest first.
const MOST: usize = 1000;

/// `~/.local/state/infra/history`, or below `XDG_STATE_HOME`.
fn path() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")))?;
    Some(state.join("infra/history"))
}

/// The oldest first; none where there is no file, or none that can be read.
pub fn load() -> Vec<String> {
    let text = path().and_then(|it| std::fs::read_to_string(it).ok()).unwrap_or_default();
    text.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Writes it for the next session; only the user may read it.
pub fn save(history: &[String]) -> std::io::Result<()> {
    let Some(path) = path() else { return Ok(()) };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let from = history.len().saturating_sub(MOST);
    for line in &history[from..] {
        writeln!(file, "{line}")?;
    }
    Ok(())
}
