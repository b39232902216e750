//! A state in a file, and a disk that is full or a folder that may not be written to.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::folder::files;
use crate::support::infra::Output;

/// Runs a command as a user without rights, or with a limit on what it may write: nobody needs a small
/// disk for that. Its arguments: the user to become or `-`, the most bytes a file may have or `-`, the command.
const CONFINED: &str = r#"
import os, resource, signal, sys
user, most = sys.argv[1:3]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if most != "-":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
if user != "-" and os.getuid() == 0:
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
os.execvp(sys.argv[3], sys.argv[3:])
"#;

struct Confined {
    user: &'static str,
    most: String,
}

fn at_most(bytes: usize) -> Confined {
    Confined { user: "-", most: bytes.to_string() }
}

fn run(stage: &Stage, it: &Confined, words: &[&str]) -> Output {
    ended(command(stage, it, words).spawn().unwrap())
}

fn ended(running: Child) -> Output {
    let out = running.wait_with_output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    Output { stdout: text(out.stdout), stderr: text(out.stderr), code: out.status.code() }
}

fn command(stage: &Stage, it: &Confined, words: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.env_clear().current_dir(stage.folder.path()).args(["-c", CONFINED, it.user, &it.most]);
    command.arg(env!("CARGO_BIN_EXE_infra")).args(words);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
    command.env("COLUMNS", "100").env("LC_ALL", "C.UTF-8");
    command.envs(stage.account.environment(&stage.proxy.url()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The names of what lies in the folder.
fn names(stage: &Stage) -> Vec<String> {
    files(stage.folder.path()).into_iter().map(|it| it.0.display().to_string()).collect()
}

#[track_caller]
fn all_is_well(stage: &Stage) {
    stage.must(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stage.journal(), None, "a journal is left");
    let kinds: Vec<(String, usize)> = stage.kinds().into_iter().collect();
    let kinds: Vec<(&str, usize)> = kinds.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(kinds, [("bucket", 1), ("queue", 1), ("role", 1), ("table", 1)]);
    let left = names(stage);
    let known = ["stack.toml", "terraform.tfstate", "terraform.tfstate.backup"];
    assert!(left.iter().all(|it| known.contains(&it.as_str())), "{left:?}");
}

const APPLY: [&str; 2] = ["apply", "--auto-approve"];

/// The journal of this stack has more than these bytes.
#[test]
fn a_disk_that_is_full_at_the_journal() {
    let stage = Stage::new(NAMED);
    let output = run(&stage, &at_most(350), &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("cannot write") && output.stderr.contains("journal"), "{}", output.stderr);
    assert!(output.stderr.contains("Nothing was changed"), "{}", output.stderr);
    assert!(stage.made().is_empty(), "{:?}", stage.made());
    assert_eq!(names(&stage), ["stack.toml"]);
    stage.must(&APPLY, 0);
    all_is_well(&stage);
}

/// The journal finds its place, and the state does not.
#[test]
fn a_disk_that_is_full_at_the_first_state() {
    let stage = Stage::new(NAMED);
    let output = run(&stage, &at_most(900), &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("printed here"), "{}", output.stderr);
    // It is whole, and to be had from there.
    let text = &output.stderr;
    assert!(text.contains("\"lineage\"") && text.contains("\"aws_"), "{text}");
    assert!(!stage.made().is_empty());
    let left = names(&stage);
    assert!(left.iter().all(|it| !it.contains("next") && !it.contains("errored")), "{left:?}");
    let stored = stage.folder.path().join("terraform.tfstate");
    assert!(!stored.exists() || std::fs::metadata(&stored).unwrap().len() == 0, "{left:?}");
    // Nothing of it is needed: the journal knows where to look.
    stage.must(&APPLY, 0);
    all_is_well(&stage);
    stage.destroy();
}

#[test]
fn a_disk_that_is_full_at_a_later_state() {
    let stage = Stage::new(NAMED);
    stage.must(&APPLY, 0);
    let before = stage.folder.read("terraform.tfstate");
    let more = "\n[aws_sqs_queue.more]\nname = \"more\"\n";
    let text = stage.folder.read("stack.toml");
    stage.folder.write("stack.toml", format!("{text}{more}"));
    let output = run(&stage, &at_most(before.len() + 100), &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert_eq!(stage.folder.read("terraform.tfstate"), before, "half of a state");
    assert!(!names(&stage).iter().any(|it| it.contains("next")), "{:?}", names(&stage));
    assert!(stage.journal().unwrap().contains("aws_sqs_queue.more"));
    stage.must(&APPLY, 0);
    stage.must(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stage.kinds()["queue"], 2);
    stage.destroy();
}

/// The folder is another user's from now on.
fn read_only(stage: &Stage, on: bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(if on { 0o555 } else { 0o777 });
    std::fs::set_permissions(stage.folder.path(), mode).unwrap();
}

#[test]
fn a_folder_that_may_not_be_written_to() {
    let nobody = Confined { user: "65534", most: "-".to_owned() };
    let stage = Stage::new(NAMED);
    read_only(&stage, true);
    let output = run(&stage, &nobody, &["version"]);
    if output.code != Some(0) {
        read_only(&stage, false);
        return eprintln!("nobody else may run the binary here: not tried: {}", output.stderr);
    }
    let output = run(&stage, &nobody, &APPLY);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(
        output.stderr.contains("cannot lock") && output.stderr.contains("ermission"),
        "{}",
        output.stderr
    );
    assert!(stage.made().is_empty());
    read_only(&stage, false);
    // In the middle of an apply: then the state is kept where it may be.
    let late = Rule::once(Fate::Late(Duration::from_secs(3)), |it| it.name == "CreateRole");
    stage.proxy.set(Faults { rules: vec![late], ..Faults::default() });
    let running = command(&stage, &nobody, &APPLY).spawn().unwrap();
    stage.proxy.wait_for("iam:CreateRole");
    // The first results are stored by then.
    std::thread::sleep(Duration::from_secs(1));
    read_only(&stage, true);
    let output = ended(running);
    read_only(&stage, false);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    let kept = regex_lite::Regex::new(r"infra state push (\S+\.tfstate)").unwrap();
    let kept = kept.captures(&output.stderr).unwrap_or_else(|| panic!("{}", output.stderr))[1].to_owned();
    stage.must(&["state", "push", &kept], 0);
    std::fs::remove_file(&kept).unwrap();
    stage.must(&APPLY, 0);
    stage.must(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(stage.journal(), None);
    assert_eq!(stage.made().len(), 4, "{:?}", stage.made());
}
