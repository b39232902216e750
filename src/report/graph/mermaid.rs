//! A Mermaid flowchart: what GitHub and many wikis draw.

use std::collections::BTreeMap;

use super::{Picture, Shape, Vertex, colours, word};
use crate::address::ModulePath;
use crate::plan::Action;

/// The picture as a Mermaid flowchart; modules are subgraphs, those within others inside them.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = "flowchart RL\n".to_owned();
    if picture.vertices.is_empty() {
        out.push_str("  %% nothing to draw: the configuration has no resources\n");
    }
    let vertices: Vec<(usize, &Vertex)> = picture.vertices.iter().enumerate().collect();
    let mut modules = 0;
    module(&mut out, &vertices, 0, &mut modules);
    for (from, to) in &picture.arrows {
        out.push_str(&format!("  n{from} --> n{to}\n"));
    }
    for (at, arrow) in picture.arrows.iter().enumerate() {
        if picture.rings.contains(arrow) {
            out.push_str(&format!("  linkStyle {at} stroke:#cf222e,stroke-width:2px\n"));
        }
    }
    classes(&mut out, picture, modules);
    out
}

/// The vertices of one module, and the modules in it. `number` counts subgraphs: their names say too much.
fn module(out: &mut String, vertices: &[(usize, &Vertex)], depth: usize, number: &mut usize) {
    let indent = "  ".repeat(depth + 1);
    for (at, it) in vertices.iter().filter(|it| it.1.module.len() == depth) {
        out.push_str(&format!("{indent}n{at}{}\n", shaped(it)));
    }
    let mut inner: BTreeMap<&ModulePath, Vec<(usize, &Vertex)>> = BTreeMap::new();
    let paths = vertices.iter().filter_map(|it| Some((it.1.module.get(..=depth)?.to_vec(), *it)));
    let paths: Vec<(ModulePath, (usize, &Vertex))> = paths.collect();
    for (path, it) in &paths {
        inner.entry(path).or_default().push(*it);
    }
    for (path, inside) in inner {
        let Some((name, key)) = path.last() else { continue };
        *number += 1;
        out.push_str(&format!(
            "{indent}subgraph m{number}[\"{}\"]\n",
            escaped(&format!("module.{name}{key}"))
        ));
        module(out, &inside, depth + 1, number);
        out.push_str(&format!("{indent}end\n"));
    }
}

fn shaped(it: &Vertex) -> String {
    let word = it.action.and_then(word).map(|word| format!("<br>{word}")).unwrap_or_default();
    let label = format!("\"{}{word}\"", escaped(&it.label));
    match it.shape {
        Shape::Resource => format!("[{label}]"),
        Shape::Provider => format!("{{{{{label}}}}}"),
        Shape::Value => format!("({label})"),
        Shape::Other => format!("[[{label}]]"),
    }
}

/// Colours by what happens, for what happens.
fn classes(out: &mut String, picture: &Picture, modules: usize) {
    const ALL: [(Action, &str); 8] = [
        (Action::NoOp, "same"),
        (Action::Create, "create"),
        (Action::Update, "update"),
        (Action::Replace, "replace"),
        (Action::CreateThenDelete, "renew"),
        (Action::Delete, "destroy"),
        (Action::Read, "read"),
        (Action::Forget, "forget"),
    ];
    if modules > 0 {
        // The usual yellow would look like an update.
        let all: Vec<String> = (1..=modules).map(|it| format!("m{it}")).collect();
        out.push_str("  classDef module fill:#f6f8fa,stroke:#d0d7de,color:#1f2328\n");
        out.push_str(&format!("  class {} module\n", all.join(",")));
    }
    for (action, name) in ALL {
        let of = picture.vertices.iter().enumerate().filter(|it| it.1.action == Some(action));
        let of: Vec<String> = of.map(|it| format!("n{}", it.0)).collect();
        if of.is_empty() {
            continue;
        }
        let (inside, edge) = colours(action);
        out.push_str(&format!("  classDef {name} fill:{inside},stroke:{edge},color:#1f2328\n"));
        out.push_str(&format!("  class {} {name}\n", of.join(",")));
    }
}

/// Nothing in a label ends it or means anything: Mermaid has entities of its own.
fn escaped(text: &str) -> String {
    let one = |it: char| match it {
        '"' | '#' | '<' | '>' | '&' | '`' | '\\' | ';' => format!("#{};", it as u32),
        it if it.is_control() => format!("#{};", it as u32),
        it => it.to_string(),
    };
    text.chars().map(one).collect()
}
