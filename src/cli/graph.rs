use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Global, Inputs, Outcome};
use crate::config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::report::Screen;
use crate::report::graph::{Picture, dot, mermaid};

/// Draw what depends on what, as DOT or Mermaid.
///
/// DOT is for Graphviz, Mermaid for GitHub and wikis. The resources and data sources of the stack, those of a module together; an arrow leads from a
/// resource to what it depends on. Neither the state nor AWS is asked. With a plan file, the instances
/// that it knows, in the colours of what happens to them.
#[derive(clap::Args)]
pub struct Command {
    /// The language of the drawing.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Dot)]
    format: Format,
    /// Everything that is evaluated, not resources alone.
    #[arg(long = "type", value_name = "TYPE", value_enum)]
    kind: Option<Type>,
    /// Draw this plan, which `infra plan --out` wrote.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Draw a stack whose parts depend on each other all the same, with that ring in red.
    #[arg(long)]
    draw_cycles: bool,
    #[command(flatten)]
    inputs: Inputs,
    /// Means nothing, as in Terraform.
    #[arg(long, value_name = "N", hide = true)]
    module_depth: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Dot,
    Mermaid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Type {
    /// What a plan evaluates: variables, local values, providers and outputs too.
    Plan,
    /// The same: a refresh needs no order here.
    PlanRefreshOnly,
    /// The same with the arrows between resources turned: what goes before what.
    PlanDestroy,
    /// What an apply does: needs --plan.
    Apply,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let picture = match &command.plan {
        Some(path) => of_plan(command, path, global).await?,
        None => of_stack(command, screen)?,
    };
    screen.raw_text(&match command.format {
        Format::Dot => dot(&picture),
        Format::Mermaid => mermaid(&picture),
    });
    Ok(ExitCode::SUCCESS)
}

async fn of_plan(command: &Command, path: &Path, global: &Global) -> Result<Picture, Diagnostics> {
    if !matches!(command.kind, None | Some(Type::Apply)) {
        let error =
            Diagnostic::error("--plan draws what an apply of the plan does, so --type can only be `apply`");
        return Err(error.help("leave one of them out").into());
    }
    Ok(Picture::of_plan(&super::saved::read(path, global, &command.inputs).await?.plan))
}

fn of_stack(command: &Command, screen: &Screen) -> Result<Picture, Diagnostics> {
    if command.kind == Some(Type::Apply) {
        let error = Diagnostic::error("--type=apply draws what an apply does, which only a plan tells");
        return Err(error.help("`infra plan --out FILE`, then `infra graph --plan FILE`").into());
    }
    let (config, mut errors) = config::read(Path::new("."));
    errors.check(())?;
    let (graph, wrong) = Graph::of(&config);
    let rings = command.draw_cycles && graph.order.len() < graph.direct.len();
    errors.extend(wrong);
    if rings {
        // The drawing is for who reads these.
        screen.diagnostics(&errors);
    } else {
        let help = "`infra graph --draw-cycles` draws the ring";
        let ringed = graph.order.len() < graph.direct.len();
        errors.check(()).map_err(|it| if ringed { hinted(it, help) } else { it })?;
    }
    Ok(match command.kind {
        None => Picture::of_resources(&graph, command.draw_cycles),
        Some(Type::PlanDestroy) => Picture::of_all(&graph, true, command.draw_cycles),
        Some(_) => Picture::of_all(&graph, false, command.draw_cycles),
    })
}

fn hinted(mut errors: Diagnostics, help: &str) -> Diagnostics {
    let ring = errors.0.iter_mut().find(|it| it.summary.starts_with("these depend on each other"));
    if let Some(one) = ring {
        one.help = Some(one.help.take().map_or_else(|| help.to_owned(), |it| format!("{it}; {help}")));
    }
    errors
}
