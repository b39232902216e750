use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use super::generate;
use super::session::{Session, addresses};
use super::state::store::{Backup, Store};
use super::{Global, Inputs, Locking, Outcome};
use crate::address::{self, Addr, Key, Mode, ResourceAddr};
use crate::config::{Config, ProviderAddr, Syntax};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::import::{self, Wanted};
use crate::engine::planner::unwritten::{self, Missing};
use crate::engine::providers::Providers;
use crate::kind;
use crate::plan::scope::Scope;
use crate::plan::{PlanMode, expand};
use crate::report::Screen;
use crate::state::State;

/// Take something that exists at AWS into the state.
///
/// It becomes a resource that the stack has (or, with --generate, gets). Nothing is changed at AWS. `docs/import.md` has the id that each resource type is imported by; an
/// id may end in another region: vpc-0a1b2c@us-east-1.
#[derive(clap::Args)]
pub struct Command {
    /// An address in the stack and the id at AWS; more such pairs may follow.
    #[arg(value_names = ["ADDRESS", "ID"], num_args = 2.., required = true)]
    pairs: Vec<String>,
    /// Where the stack does not have the resource yet, write it: to imported.stack.toml, or imported.tf
    /// in a stack of such files.
    #[arg(long)]
    generate: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
    /// Terraform's option for its own remote backend: without effect.
    #[arg(long, hide = true)]
    ignore_remote_version: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let wanted = wanted(&command.pairs)?;
    let inputs = &command.inputs;
    let mut session = Session::open(global, inputs).await?;
    screen.warnings(&session.warnings, false);
    let missing: Vec<Wanted> = wanted.iter().filter(|it| !has(&session.config, it)).cloned().collect();
    if !missing.is_empty() {
        if !command.generate {
            let all = missing.iter().map(|it| unknown(&session.config, it)).collect();
            return Err(Diagnostics(all));
        }
        session = write(&session, missing, global, inputs, screen).await?;
    }
    let providers = Providers::new(&session.config);
    let scope = Scope::new(&session.config, &session.variables, &session.env);
    let meant = |addr: &ResourceAddr| wanted.iter().any(|it| it.addr.resource.as_written() == *addr);
    providers.guard(&scope, &State::new(), meant).await?;
    let store = Store::on(session.backend().await?, &command.locking, "import", screen).await?;
    let done = take(&session, &store, wanted, &providers, screen).await;
    store.release(done).await
}

/// The pairs of the command line.
fn wanted(pairs: &[String]) -> Result<Vec<Wanted>, Diagnostics> {
    let mut errors = Diagnostics::default();
    if pairs.len() % 2 == 1 {
        let one = Diagnostic::error("an address without an id, or an id without an address");
        errors.push(one.help("import with pairs of both: infra import ADDRESS ID ADDRESS ID …"));
        return Err(errors);
    }
    let names: Vec<String> = pairs.iter().step_by(2).cloned().collect();
    let addrs = errors.take(addresses(&names, address::parse_instance)).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (addr, id) in addrs.into_iter().zip(pairs.iter().skip(1).step_by(2)) {
        if addr.resource.mode == Mode::Data {
            let one = Diagnostic::error(format!("{addr} is a data source, and holds nothing to import"));
            errors.push(one.help("import a resource, such as aws_vpc.main"));
            continue;
        }
        if !seen.insert(addr.clone()) {
            errors.push(Diagnostic::error(format!("{addr} is named twice")));
        }
        let it = Wanted { addr, id: id.clone(), place: None };
        match unwritten::find(&it.addr.resource, None) {
            Ok(kind) => drop(errors.take(it.key(kind).map_err(Into::into))),
            Err(error) => errors.push(error),
        }
        out.push(it);
    }
    errors.check(out)
}

fn has(config: &Config, it: &Wanted) -> bool {
    config.resource(&it.addr.resource).is_some()
}

/// The stack lacks it: what to write.
fn unknown(config: &Config, it: &Wanted) -> Diagnostic {
    let addr = &it.addr;
    let resource = addr.resource.as_written();
    let path: Vec<&str> = resource.module.iter().map(|it| &*it.0).collect();
    if config.module(&resource.module).is_none() {
        let one = Diagnostic::error(format!("the stack has no module `{}`", path.join(".")));
        return one.about(addr).help("call it first, with [module.NAME] and its source");
    }
    let place = match path.is_empty() {
        true => "the stack".to_owned(),
        false => format!("the module `{}`", path.join(".")),
    };
    let one = Diagnostic::error(format!("{place} does not have `{resource}` to import to"));
    let one = one.detail(format!("Write it first:\n\n{}", block(config.syntax, it)));
    match path.is_empty() && addr.key == Key::None {
        true => one.help(format!("or have it written: infra import --generate {addr} {}", it.id)),
        false => one,
    }
}

/// A block to fill in.
fn block(syntax: Syntax, it: &Wanted) -> String {
    let (kind, name) = (&it.addr.resource.kind, &it.addr.resource.name);
    let schema = kind::resource(kind).map(|it| &it.schema().block);
    let required = schema.into_iter().flat_map(|it| &it.attributes).filter(|it| it.1.required);
    let mut lines: Vec<String> = required.map(|it| format!("{} = …", it.0)).collect();
    if lines.is_empty() {
        lines.push("# its arguments".to_owned());
    }
    match syntax {
        Syntax::Toml => format!("[{kind}.{name}]\n{}", lines.join("\n")),
        Syntax::Hcl => format!("resource \"{kind}\" \"{name}\" {{\n  {}\n}}", lines.join("\n  ")),
    }
}

/// Writes what the stack lacks, and reads it again.
async fn write(
    session: &Session,
    missing: Vec<Wanted>,
    global: &Global,
    inputs: &Inputs,
    screen: &Screen,
) -> Result<Session, Diagnostics> {
    let cannot = |it: &&Wanted| !it.addr.resource.module.is_empty() || it.addr.key != Key::None;
    let wrong: Vec<Diagnostic> = missing
        .iter()
        .filter(cannot)
        .map(|it| {
            let help = "--generate writes single resources of the stack itself, not of modules or with a key";
            unknown(&session.config, it).help(help)
        })
        .collect();
    Diagnostics(wrong).check(())?;
    let stored = session.stored().await?;
    unmanaged(&stored, &missing)?;
    let missing = missing.into_iter().map(|wanted| Missing { wanted, provider: None }).collect();
    let request = session.request(PlanMode::Normal);
    let providers = Providers::new(&session.config);
    let written = unwritten::named(&request, &providers, &stored, missing).await?;
    let name = format!("imported{}", generate::ending(session.config.syntax));
    let path = Path::new(&name);
    let gap = if path.exists() { "\n" } else { "" };
    generate::store(path, &format!("{gap}{}", generate::text(path, &written)), true)?;
    screen.written_for_imports(path, written.len(), generate::secrets(&written));
    generate::reopen(path, &written, global, inputs).await
}

/// What the state holds already is not imported over.
fn unmanaged(stored: &State, wanted: &[Wanted]) -> Result<(), Diagnostics> {
    let held = wanted.iter().filter(|it| stored.object(&it.addr).is_some()).map(|it| {
        let one = Diagnostic::error(format!("{} is in the state already", it.addr));
        one.help(format!("to import something else there, let go of it first: infra state rm '{}'", it.addr))
    });
    Diagnostics(held.collect()).check(())
}

/// Reads all of them, and stores them in the state.
async fn take(
    session: &Session,
    store: &Store,
    wanted: Vec<Wanted>,
    providers: &Providers<'_>,
    screen: &Screen,
) -> Outcome {
    unmanaged(&store.state, &wanted)?;
    let scope = import::scope(&session.config, &session.variables, &session.env, &store.state);
    let mut errors = Diagnostics::default();
    wanted.iter().for_each(|it| errors.extend(instance(&session.config, &scope, &it.addr)));
    errors.check(())?;
    let mut groups: BTreeMap<(String, ProviderAddr), Vec<Wanted>> = BTreeMap::new();
    for it in wanted {
        screen.importing(&it.addr, &it.id);
        let name = session.config.provider_at(&it.addr.resource);
        groups.entry((it.addr.resource.kind.to_string(), name)).or_default().push(it);
    }
    let mut next = store.state.clone();
    let mut told = Vec::new();
    for ((name, provider), wanted) in groups {
        let Some(kind) = kind::resource(&name) else { continue };
        let taken = import::take(kind, &provider, wanted, providers, &scope).await;
        for (it, mut object) in errors.take(taken).unwrap_or_default() {
            object.dependencies = session.graph.dependencies(&it.addr.resource).cloned().collect();
            let id = object.attributes.text("id").unwrap_or_else(|| it.id.clone());
            next.set(&it.addr, &provider.state_name(), Some(object));
            told.push((it.addr, id));
        }
    }
    // All or none: what is wrong with one is put right before the others are in the state.
    errors.check(())?;
    store.save(&next, Backup::Usual).await?;
    told.iter().for_each(|(addr, id)| screen.imported(addr, id));
    screen.import_done(told.len());
    Ok(ExitCode::SUCCESS)
}

/// Whether the stack has this instance of a resource that it has.
fn instance(config: &Config, scope: &Scope<'_>, addr: &Addr) -> Diagnostics {
    let Some(resource) = config.resource(&addr.resource) else { return Diagnostics::default() };
    let lacks = |help: &str| {
        let one = Diagnostic::error(format!("the stack has no instance {addr}")).at(&resource.place);
        Diagnostics::from(one.help(help))
    };
    let modules = scope.instances_of(&resource.addr.module);
    if !modules.contains(&addr.resource.module) {
        return lacks("`count` or `for_each` of the module has no such key");
    }
    let all = expand::instances(&resource.repeat, &scope.module(&addr.resource.module), true);
    match all {
        Ok(Some(all)) if !all.iter().any(|it| it.key == addr.key) => match &addr.key {
            Key::None => {
                lacks("it is repeated: name one of its instances, such as NAME[0] or 'NAME[\"key\"]'")
            }
            _ => lacks("its `count` or `for_each` has no such key: add it there, or correct the key"),
        },
        Ok(_) => Diagnostics::default(),
        Err(errors) => errors,
    }
}
