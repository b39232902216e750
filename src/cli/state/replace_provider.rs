use std::process::ExitCode;

use super::store::{Backup, Editing, Kept, Store};
use crate::address::ResourceAddr;
use crate::cli::approve::approved;
use crate::cli::{Global, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::edit;

/// Hand the resources of one provider over to another, such as a mirror of it under another name.
#[derive(clap::Args)]
pub struct Command {
    /// The provider that the state names: NAME, NAMESPACE/NAME or HOST/NAMESPACE/NAME.
    #[arg(value_name = "FROM")]
    from: String,
    /// The one to name instead.
    #[arg(value_name = "TO")]
    to: String,
    /// Do not ask.
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    editing: Editing,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let mut errors = Diagnostics::default();
    let mut name = |text: &str| {
        let name = edit::parse_provider(text).map_err(|it| Diagnostics::from(Diagnostic::error(it)));
        errors.take(name).unwrap_or_default()
    };
    let names = (name(&command.from), name(&command.to));
    errors.check(())?;
    let store = Store::open(&command.editing, "state-replace-provider", global, screen).await?;
    let done = replace(command, &names.0, &names.1, &store, screen).await;
    let Some(kept) = store.release(done).await? else { return Ok(ExitCode::FAILURE) };
    kept.iter().for_each(|it| it.tell(&command.editing.way_back(global), screen));
    Ok(ExitCode::SUCCESS)
}

/// `None` where the answer was no; the backup where there was anything to do.
async fn replace(
    command: &Command,
    from: &str,
    to: &str,
    store: &Store,
    screen: &Screen,
) -> Result<Option<Option<Kept>>, Diagnostics> {
    store.must_exist()?;
    let mut state = store.state.clone();
    let all = edit::replace_provider(&mut state, from, to);
    if all.is_empty() {
        screen.say(format!("No resource in the state is of provider {from}."));
        return Ok(Some(None));
    }
    announce(&all, from, to, screen);
    let question = "Replace the provider in the state?";
    if !command.auto_approve && !approved(&command.editing.source.inputs, question, "pass --auto-approve")? {
        screen.cancelled();
        return Ok(None);
    }
    let kept = store.save(&state, Backup::File(command.editing.backup())).await?;
    screen.say(match all.len() {
        1 => "Replaced the provider of 1 resource.".to_owned(),
        many => format!("Replaced the provider of {many} resources."),
    });
    Ok(Some(kept))
}

fn announce(all: &[ResourceAddr], from: &str, to: &str, screen: &Screen) {
    screen.say(format!("The provider\n  - {from}\n  + {to}\nof"));
    all.iter().for_each(|it| screen.say(format!("  {it}")));
    screen.say("");
}
