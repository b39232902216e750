//! The private virtual environment: made once, in a temporary folder, and renamed when complete, so
//! that neither an interruption nor a second process leaves half of one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sha2::{Digest, Sha256};

use super::{Error, REQUIREMENT, Result, doing, home, lock, make_folder, python, tail};

/// The Python that has moto; installs it first where it is not there yet.
pub fn python(say: &mut dyn FnMut(&str)) -> Result<PathBuf> {
    let home = home()?;
    let venv = home.join(folder_name());
    if is_complete(&venv) {
        return Ok(interpreter(&venv));
    }
    let _alone = lock(&home.join("install.lock"))?;
    if is_complete(&venv) {
        return Ok(interpreter(&venv));
    }
    say(&format!("Installing {REQUIREMENT} into {} (once; about a minute)", venv.display()));
    install(&home, &venv)?;
    Ok(interpreter(&venv))
}

/// Tells one requirement from another: `moto-5.2.1-0a1b2c3d`.
fn folder_name() -> String {
    let digest = Sha256::digest(REQUIREMENT.as_bytes());
    let hash: String = digest.iter().take(4).map(|it| format!("{it:02x}")).collect();
    let version = REQUIREMENT.rsplit('=').next().unwrap_or_default();
    format!("moto-{version}-{hash}")
}

/// Written last: an environment without it is not used. A Python that has since gone leaves a
/// dangling link, and the environment is made again.
fn is_complete(venv: &Path) -> bool {
    venv.join("complete").exists() && interpreter(venv).exists()
}

fn interpreter(venv: &Path) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts/python.exe") } else { venv.join("bin/python") }
}

fn install(home: &Path, venv: &Path) -> Result<()> {
    let python = python::find()?;
    sweep(home);
    let partial = home.join(format!("partial-{}", std::process::id()));
    let made = fill(&python, &partial).and_then(|()| settle(&partial, venv));
    if made.is_err() {
        // What failed is told; a folder that stays is swept by the next install.
        let _ = std::fs::remove_dir_all(&partial);
    }
    made
}

/// Removes what interrupted installs left. The lock is held: nobody else is at work.
fn sweep(home: &Path) {
    let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
    for it in entries.filter(|it| it.file_name().to_string_lossy().starts_with("partial-")) {
        let _ = std::fs::remove_dir_all(it.path());
    }
}

fn fill(python: &str, venv: &Path) -> Result<()> {
    make_environment(python, venv)?;
    let mut pip = Command::new(interpreter(venv));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]);
    let pip = run(pip.arg(REQUIREMENT))?;
    if !pip.status.success() {
        return Err(Error::Pip(tail(&said(&pip), 15)));
    }
    std::fs::write(venv.join("complete"), REQUIREMENT).map_err(doing("cannot finish the installation"))
}

/// By `venv`, or by `virtualenv` where the distribution left `ensurepip` out.
fn make_environment(python: &str, venv: &Path) -> Result<()> {
    let mut outputs = Vec::new();
    for module in ["venv", "virtualenv"] {
        let made = run(Command::new(python).args(["-m", module]).arg(venv))?;
        if made.status.success() {
            return Ok(());
        }
        outputs.push(tail(&said(&made), 8));
        let _ = std::fs::remove_dir_all(venv);
    }
    Err(Error::NoVenv { python: python.to_owned(), output: outputs.join("\n") })
}

/// The scripts of a virtual environment name its first place, but its interpreter works wherever it
/// stands, and we call nothing else.
fn settle(partial: &Path, venv: &Path) -> Result<()> {
    if venv.exists() {
        std::fs::remove_dir_all(venv).map_err(doing(format!("cannot remove {}", venv.display())))?;
    }
    make_folder(venv.parent().unwrap_or(Path::new(".")))?;
    std::fs::rename(partial, venv).map_err(doing(format!("cannot move into {}", venv.display())))
}

fn run(command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    // What is set for another Python would lead this one astray.
    for name in ["PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"]
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).output().map_err(doing(format!("cannot run {program}")))
}

fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr];
    both.map(|it| String::from_utf8_lossy(it).into_owned()).concat()
}
