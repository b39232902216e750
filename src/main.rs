//! The exit code, and the last resort for errors.

use std::process::ExitCode;

fn main() -> ExitCode {
    match infra::cli::run(std::env::args_os().collect()) {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
