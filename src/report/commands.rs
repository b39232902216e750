//! What the commands say, through the screen.

use std::path::Path;

use super::{Tally, complete, event_text, paint, plan_text, registered, show, stream};
use crate::diag::{Diagnostic, Diagnostics};
use crate::event::{Event, Provision};
use crate::plan::file::Saved;
use crate::plan::{Plan, PlanMode};
use crate::state::{Output, State};

use super::Screen;

/// A closed pipe is the reader's choice; any other failure to print has nowhere to be told.
fn told(_: std::io::Result<()>) {}

/// What only programs are told: for people, what comes next tells it.
fn is_silent(event: &Event) -> bool {
    matches!(event, Event::Provision { what: Provision::Done | Provision::Failed, .. })
}

fn is_refresh(event: &Event) -> bool {
    matches!(event, Event::Refreshing { .. } | Event::Refreshed { .. })
}

impl Screen {
    /// A line of text for people.
    pub fn say(&self, text: impl AsRef<str>) {
        told(self.line(text));
    }

    /// A remark beside what a command prints.
    pub fn remark(&self, text: impl AsRef<str>) {
        told(self.complain(format!("{}\n", text.as_ref())));
    }

    /// A line for programs, as it is.
    pub fn raw_line(&self, text: &str) {
        told(self.raw(&format!("{text}\n")));
    }

    /// Messages for programs, a line each; the first of all says which version speaks.
    fn stream(&self, messages: impl IntoIterator<Item = stream::Message>) {
        let first = (!self.streaming.replace(true)).then(stream::version);
        for it in first.into_iter().chain(messages) {
            told(self.raw(&it.line(time::OffsetDateTime::now_utc())));
        }
    }

    /// Text for programs, as it is.
    pub fn raw_text(&self, text: &str) {
        told(self.raw(text));
    }

    /// Everything that is told from now on is a message for programs, or is not.
    pub fn tell_programs(&self, json: bool) {
        self.programs.set(json);
    }

    pub fn diagnostics(&self, all: &Diagnostics) {
        if self.programs.get() {
            return self.stream(all.0.iter().map(stream::diagnostic));
        }
        told(self.complain(super::diagnostics(all)));
    }

    pub fn warnings(&self, all: &Diagnostics, json: bool) {
        if all.0.is_empty() {
            return;
        }
        if json {
            self.stream(all.0.iter().map(stream::diagnostic));
        } else if self.compact.get() && !all.has_errors() {
            self.say(super::partial::compact(all));
        } else {
            if let Some(document) = &mut *self.document.borrow_mut() {
                document.warnings.extend(all.0.iter().cloned());
            }
            self.diagnostics(all);
        }
    }

    pub fn event(&self, event: &Event, json: bool) {
        let silent = is_silent(event) || self.concise.get() && is_refresh(event);
        if json {
            self.stream(stream::event(event));
        } else if silent {
            // Nothing to say.
        } else if self.document.borrow().is_some() {
            told(self.complain(format!("{}\n", event_text(event))));
        } else {
            self.say(event_text(event));
        }
    }

    pub fn plan(&self, plan: &Plan, json: bool) {
        if json {
            self.stream(stream::plan(plan));
        } else if let Some(document) = &*self.document.borrow() {
            let stack = if plan.stack.is_empty() { &document.stack } else { &plan.stack };
            self.raw_text(&super::plan_markdown(plan, stack, &registered, &document.warnings));
        } else {
            let text = plan_text(plan, &registered, self.columns);
            told(self.print(format!("\n{}", text.trim_start_matches('\n'))));
            self.partial(super::partial::planned(plan), || super::partial::text(plan, self.columns));
        }
    }

    /// A line under a plan.
    pub fn note(&self, text: &str, json: bool) {
        let wrapped = format!("\n{}", paint::wrapped(text, self.columns));
        if json {
            self.stream([stream::note(text)]);
        } else if self.document.borrow().is_some() {
            told(self.complain(format!("{wrapped}\n")));
        } else {
            self.say(wrapped);
        }
    }

    /// After an apply: what its plan had left out.
    pub fn incomplete(&self, plan: &Plan, json: bool) {
        let one = super::partial::applied(plan);
        match json {
            true => self.stream(one.as_ref().map(stream::diagnostic)),
            false => self.partial(one, || super::partial::applied_text(plan, self.columns)),
        }
    }

    fn partial(&self, one: Option<Diagnostic>, text: impl Fn() -> String) {
        match one {
            Some(one) if self.compact.get() => self.say(super::partial::compact(&one.into())),
            Some(_) => told(self.print(text())),
            None => {}
        }
    }

    pub fn saved_plan(&self, path: &Path) {
        let path = path.display();
        let text = format!("\nThe plan is saved to {path}. To do exactly this: infra apply {path}");
        match self.document.borrow().is_some() {
            true => told(self.complain(format!("{text}\n"))),
            false => self.say(text),
        }
    }

    pub fn unsaved_plan(&self) {
        if self.document.borrow().is_some() {
            return;
        }
        let note =
            "Note: without --out the plan is not kept; an apply plans anew and may find other things to do.";
        self.say(format!("\n{}", paint::wrapped(note, self.columns)));
    }

    pub fn waiting_for_lock(&self, holder: &str) {
        told(self.complain(format!("Waiting for the lock of the state.\n{holder}\n")));
    }

    pub fn silent_lock(&self, holder: &str) {
        told(self.complain(format!(
            "The state is locked, and its holder gives no sign of life: waiting to be sure.\n{holder}\n"
        )));
    }

    /// A lock was taken over from somebody who had been silent for so many seconds, and beat last at that
    /// time.
    pub fn lock_taken_over(&self, from: &str, seconds: u64, last: &str) {
        told(self.complain(format!(
            "The lock of the state is taken over from {from}: no sign of life for {seconds} s, the last one at \
             {last} by its clock.\n"
        )));
    }

    /// What is asked for; the answer is read from the terminal.
    pub fn question(&self, name: &str, description: Option<&str>) {
        self.say(paint::bold(name));
        if let Some(text) = description.map(str::trim).filter(|it| !it.is_empty()) {
            text.lines().for_each(|it| self.say(format!("  {it}")));
        }
        self.say("");
    }

    /// What a round makes, before its plan.
    pub fn round(&self, round: u8, names: &[String]) {
        let text = format!("Round {round}: first what is needed to plan the rest, {}.", names.join(", "));
        self.say(format!("\n{}", paint::bold(paint::wrapped(&text, self.columns))));
    }

    pub fn cancelled(&self) {
        self.say("\nNothing was done.");
    }

    pub fn applied(&self, mode: PlanMode, tally: Tally, state: &State, json: bool) {
        if json {
            let destroyed = mode == PlanMode::Destroy;
            let outputs = (!destroyed).then(|| stream::outputs(&state.outputs));
            self.stream([stream::applied(tally, destroyed)].into_iter().chain(outputs));
            return;
        }
        self.say(format!("\n{}", complete(tally, mode == PlanMode::Destroy)));
        told(self.print(show::outputs_section(&state.outputs)));
    }

    /// An apply that did not get to its end.
    pub fn applied_in_part(
        &self,
        added: usize,
        changed: usize,
        destroyed: usize,
        skipped: usize,
        json: bool,
    ) {
        if json {
            return;
        }
        let left = match skipped {
            0 => String::new(),
            1 => "; 1 operation was not started".to_owned(),
            many => format!("; {many} operations were not started"),
        };
        self.say(paint::bold(format!(
            "\nDone before that: {added} added, {changed} changed, {destroyed} destroyed{left}."
        )));
    }

    pub fn valid(&self) {
        self.say("The stack is valid.");
    }

    /// `validate --json`, in Terraform's form.
    pub fn validation_json(&self, all: &Diagnostics) {
        self.raw_line(&format!("{:#}", super::diagnostics_json(all)));
    }

    pub fn initialized(&self) {
        self.say("The stack is ready: `infra plan` shows what an apply would do.");
    }

    pub fn outputs(&self, state: &State) {
        let text = match state.outputs.is_empty() {
            true => show::no_outputs(),
            false => show::outputs_text(&state.outputs),
        };
        told(self.print(text));
    }

    pub fn outputs_json(&self, state: &State) {
        self.raw_line(&format!("{:#}", show::outputs_json(&state.outputs)));
    }

    pub fn output(&self, it: &Output) {
        self.say(show::output_text(it));
    }

    pub fn output_raw(&self, name: &str, it: &Output) -> Result<(), Diagnostics> {
        told(self.raw(&show::output_raw(name, it).map_err(Diagnostic::error)?));
        Ok(())
    }

    pub fn show_state(&self, state: &State) {
        told(self.print(show::state_text(state, &registered)));
    }

    /// One object of the state: `state show`.
    pub fn show_object(&self, it: &show::Entry, json: bool) {
        match json {
            true => self.raw_line(&format!("{:#}", super::show_json::stored(it, &registered))),
            false => self.say(show::object_text(it, &registered)),
        }
    }

    pub fn show_state_json(&self, state: &State) {
        self.raw_line(&super::state_json(state, &registered).to_string());
    }

    pub fn show_plan_json(&self, saved: &Saved) {
        let mut out = super::plan_json(&saved.plan, &registered);
        if !saved.configuration.is_null() {
            out["configuration"] = saved.configuration.clone();
        }
        self.raw_line(&out.to_string());
    }
}
