//! The whole life of `stacks/quickstart`, by our own executable, against a sandbox of its own.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use futures::FutureExt;
use tokio::process::Command;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::aws::Aws;
use crate::aws::connect::Settings;
use crate::sandbox::{self, Server, inventory};

/// The stack, part of the executable so that the demo runs anywhere.
const FILES: [(&str, &str); 3] = [
    ("stack.toml", include_str!("../../../stacks/quickstart/stack.toml")),
    ("env/dev.toml", include_str!("../../../stacks/quickstart/env/dev.toml")),
    ("env/prod.toml", include_str!("../../../stacks/quickstart/env/prod.toml")),
];

/// The edit: what stands in the stack, and what takes its place.
const EDIT: [(&str, &str); 2] = [
    ("visibility_timeout_seconds = 60\n", "visibility_timeout_seconds = 120\n"),
    ("default = 7\n", "default = 30\n"),
];

/// What it shows, the command line, and the exit code that is right.
struct Step(&'static str, &'static [&'static str], i32);

const BEFORE_EDIT: [Step; 3] = [
    Step("See what would be made", &["plan"], 0),
    Step("Make it", &["apply", "--auto-approve"], 0),
    Step("Nothing is left to do", &["plan", "--detailed-exitcode"], 0),
];
const AFTER_EDIT: [Step; 4] = [
    Step("See what the edit would change", &["plan", "--detailed-exitcode"], 2),
    Step("Change it", &["apply", "--auto-approve"], 0),
    Step("Nothing is left to do", &["plan", "--detailed-exitcode"], 0),
    Step("Remove everything", &["destroy", "--auto-approve"], 0),
];

/// Shows it all. An error says which step failed; either way nothing stays behind.
pub async fn run() -> anyhow::Result<ExitCode> {
    let server = sandbox::start_private(&mut |news| eprintln!("{news}"))?;
    let folder = Folder::new()?;
    let interrupt = signal(SignalKind::interrupt())?;
    let (stack, home) = (folder.0.join("quickstart"), folder.0.join("home"));
    let mut demo = Demo { server, stack, home, interrupt };
    demo.unpack()?;
    let init = Step("Make the bucket and the table that keep the state", &["init", "--auto-approve"], 0);
    demo.step(&init).await?;
    let before = demo.inventory().await?;
    for step in &BEFORE_EDIT {
        demo.step(step).await?;
    }
    demo.edit()?;
    for step in &AFTER_EDIT {
        demo.step(step).await?;
    }
    let after = demo.inventory().await?;
    if let Some(left) = after.difference(&before).next() {
        bail!("demo failed: `infra destroy` left something in the account: {left}");
    }
    title("The account holds what it held before, and nothing is left running.")?;
    Ok(ExitCode::SUCCESS)
}

struct Demo {
    server: Server,
    stack: PathBuf,
    home: PathBuf,
    interrupt: Signal,
}

impl Demo {
    fn unpack(&self) -> anyhow::Result<()> {
        for (name, text) in FILES {
            let path = self.stack.join(name);
            let parent = path.parent().context("a file of the stack has no folder")?;
            std::fs::create_dir_all(parent)?;
            std::fs::write(path, text)?;
        }
        Ok(std::fs::create_dir_all(&self.home)?)
    }

    async fn step(&mut self, Step(what, words, right): &Step) -> anyhow::Result<()> {
        let line = format!("infra {} --env dev", words.join(" "));
        title(what)?;
        shown(&line)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(*words).args(["--env", "dev"]).current_dir(&self.stack).stdin(Stdio::null());
        self.surround(&mut command);
        let status = command.status().await?;
        // Ctrl-C reaches the command too, which finishes what is in flight.
        if self.interrupt.recv().now_or_never().is_some() {
            bail!("interrupted; the sandbox and everything in it is gone");
        }
        match status.code() {
            Some(code) if code == *right => Ok(()),
            Some(code) => bail!("demo failed: `{line}` ended with exit code {code}, not {right}"),
            None => bail!("demo failed: `{line}` was ended by a signal"),
        }
    }

    /// A clean environment: the sandbox, and none of the user's accounts.
    fn surround(&self, command: &mut Command) {
        let theirs = |name: &str| ["AWS_", "INFRA_", "TF_"].iter().any(|it| name.starts_with(it));
        for (name, _) in std::env::vars_os().filter(|it| theirs(&it.0.to_string_lossy())) {
            command.env_remove(name);
        }
        command.envs(self.server.environment()).env("HOME", &self.home);
    }

    async fn inventory(&self) -> anyhow::Result<BTreeSet<String>> {
        let settings = Settings {
            region: Some(sandbox::REGION.to_owned()),
            access_key: Some("test".to_owned()),
            secret_key: Some("test".to_owned()),
            endpoint: Some(self.server.url()),
            ..Settings::default()
        };
        Ok(inventory(&Aws::connect(&settings).await?).await?)
    }

    fn edit(&self) -> anyhow::Result<()> {
        let path = self.stack.join("stack.toml");
        let before = std::fs::read_to_string(&path)?;
        let mut after = before.clone();
        for (old, new) in EDIT {
            if !after.contains(old) {
                bail!("demo failed: the stack holds no `{}` to edit", old.trim());
            }
            after = after.replacen(old, new, 1);
        }
        std::fs::write(&path, &after)?;
        title("Edit the stack")?;
        show_difference(&before, &after)
    }
}

fn title(text: &str) -> anyhow::Result<()> {
    let bold = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    print(&format!("\n{bold}# {text}{bold:#}\n"))
}

fn shown(line: &str) -> anyhow::Result<()> {
    let bold = Style::new().bold();
    print(&format!("{bold}$ {line}{bold:#}\n"))
}

fn show_difference(before: &str, after: &str) -> anyhow::Result<()> {
    let difference = similar::TextDiff::from_lines(before, after);
    let mut out = String::new();
    for line in difference.unified_diff().context_radius(2).to_string().lines() {
        let color = match line.as_bytes().first() {
            Some(b'+') => Style::new().fg_color(Some(AnsiColor::Green.into())),
            Some(b'-') => Style::new().fg_color(Some(AnsiColor::Red.into())),
            _ => Style::new(),
        };
        out.push_str(&format!("{color}{line}{color:#}\n"));
    }
    print(&out)
}

/// In colour on a terminal, plain elsewhere. Written at once: the next command writes beside us.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// A temporary folder, gone at the end however it comes.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Folder> {
        let path = std::env::temp_dir().join(format!("infra-demo-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        eprintln!("could not remove {}: {error}", folder.display());
    }
}
