//! Real Terraform, where this machine has one: the yardstick for what others must be able to read.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Whether there is one; without it the tests against it say so and pass.
pub fn there() -> bool {
    let found = Command::new("terraform").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = found.is_ok_and(|it| it.success());
    if !there {
        eprintln!("no terraform on this machine: not compared");
    }
    there
}

pub fn command(dir: &Path, args: &[&str]) -> Command {
    let mut it = Command::new("terraform");
    it.arg(format!("-chdir={}", dir.display())).args(args).arg("-no-color");
    it.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("CHECKPOINT_DISABLE", "1")]);
    it.env("TF_CLI_CONFIG_FILE", "/dev/null").stdin(Stdio::null());
    it
}

pub fn run(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

/// What it printed, where it succeeded.
pub fn succeed(dir: &Path, args: &[&str]) -> String {
    let out = run(dir, args);
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    assert!(out.status.success(), "terraform {args:?}: {}{}", text(&out.stdout), text(&out.stderr));
    text(&out.stdout)
}

/// What it complained of.
pub fn fail(dir: &Path, args: &[&str]) -> String {
    let out = run(dir, args);
    assert!(!out.status.success(), "terraform {args:?} should have failed");
    String::from_utf8_lossy(&out.stderr).into_owned()
}
