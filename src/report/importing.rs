//! What `infra import` says, and a plan that writes what it imports.

use std::path::Path;

use super::Screen;
use super::paint::{BOLD, GREEN, bold, paint, plural, wrapped};
use crate::address::Addr;

impl Screen {
    /// What was written for imports, and what to do with it.
    pub fn written_for_imports(&self, path: &Path, count: usize, secrets: usize) {
        let text = format!(
            "Wrote {} to {}. Review what it says, and move it to where it belongs.",
            plural(count, "resource"),
            path.display()
        );
        self.say(wrapped(&text, self.columns));
        if secrets > 0 {
            let verb = if secrets == 1 { "is" } else { "are" };
            let text = format!(
                "{} {verb} sensitive and left out: say there where to take it from before you apply.",
                plural(secrets, "value")
            );
            self.say(wrapped(&text, self.columns));
        }
    }

    pub fn importing(&self, addr: &Addr, id: &str) {
        self.say(bold(format!("{addr}: Importing from ID \"{id}\"...")));
    }

    pub fn imported(&self, addr: &Addr, id: &str) {
        self.say(bold(format!("{addr}: Import complete [id={id}]")));
    }

    pub fn import_done(&self, count: usize) {
        let text = format!("Import complete! {} taken into the state.", plural(count, "resource"));
        self.say(format!("\n{}", paint(BOLD.fg_color(GREEN.get_fg_color()), text)));
        let next = "`infra plan` shows where the stack says something else than what exists.";
        self.say(wrapped(next, self.columns));
    }
}
