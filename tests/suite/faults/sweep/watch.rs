//! Killing a process as it writes files, for what no call tells of: a state and a journal on this machine.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};
use rustix::process::{Pid, Signal, kill_process};

use crate::faults::stage::Stage;
use crate::support::fault::Faults;
use crate::support::infra::Output;

/// As this file is written, watching ends.
const END: &str = ".end";

/// Runs a command that has to succeed; gives how often it wrote.
pub fn writes(stage: &Stage, words: &[&str]) -> usize {
    let (count, output) = watched(stage, words, usize::MAX);
    assert_eq!(output.code, Some(0), "{words:?}\n{}\n{}", output.stdout, output.stderr);
    count
}

/// Kills it as it has written so often; what it was killed at, where it was.
pub fn killed_at_write(stage: &Stage, words: &[&str], nth: usize) -> Option<String> {
    let (_, output) = watched(stage, words, nth);
    output.code.is_none().then(|| "file:write".to_owned())
}

fn watched(stage: &Stage, words: &[&str], nth: usize) -> (usize, Output) {
    let watch = open(stage);
    let running = stage.spawn(Faults::default(), words);
    let pid = Pid::from_raw(running.pid() as i32).unwrap();
    let counting = std::thread::spawn(move || count(&watch, pid, nth));
    let output = running.finish();
    let end = stage.folder.path().join(END);
    std::fs::write(&end, "").unwrap();
    std::fs::remove_file(&end).unwrap();
    (counting.join().unwrap(), output)
}

fn open(stage: &Stage) -> OwnedFd {
    let watch = inotify::init(CreateFlags::CLOEXEC).unwrap();
    let what = WatchFlags::CREATE | WatchFlags::MODIFY | WatchFlags::MOVED_TO | WatchFlags::DELETE;
    for folder in [stage.folder.path().to_owned(), stage.folder.path().join("made")] {
        if folder.is_dir() {
            inotify::add_watch(&watch, folder, what).unwrap();
        }
    }
    watch
}

fn count(watch: &OwnedFd, pid: Pid, nth: usize) -> usize {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = Reader::new(watch, &mut buffer);
    let mut count = 0;
    loop {
        let event = events.next().unwrap();
        if event.file_name().is_some_and(|it| it.to_bytes() == END.as_bytes()) {
            return count;
        }
        count += 1;
        if count == nth {
            // It may have ended just now.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}
