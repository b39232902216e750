//! DOT, the language of Graphviz, laid out as `terraform graph` does.

use super::{Picture, Shape, Vertex, colours, module_name, word};

const FONT: &str = "sans-serif";

/// The picture as a DOT file.
pub fn dot(picture: &Picture) -> String {
    let mut out =
        format!("digraph G {{\n  rankdir = \"RL\";\n  node [shape = rect, fontname = {}];\n", quoted(FONT));
    if picture.vertices.is_empty() {
        out.push_str("  /* This configuration does not contain any resources.         */\n");
        out.push_str("  /* For a more detailed graph, try: infra graph --type=plan    */\n");
    }
    let mut module = &Vec::new();
    for it in &picture.vertices {
        if it.module != *module {
            if !module.is_empty() {
                out.push_str("  }\n");
            }
            module = &it.module;
            let name = module_name(module);
            out.push_str(&format!("  subgraph {} {{\n", quoted(&format!("cluster_{name}"))));
            out.push_str(&format!("    label = {}\n    fontname = {}\n", quoted(&name), quoted(FONT)));
        }
        let indent = if module.is_empty() { "  " } else { "    " };
        out.push_str(&format!("{indent}{} [{}];\n", quoted(&it.name), attributes(it)));
    }
    if !module.is_empty() {
        out.push_str("  }\n");
    }
    for (from, to) in &picture.arrows {
        let ring =
            if picture.rings.contains(&(*from, *to)) { " [color = \"red\", penwidth = 2]" } else { "" };
        let name = |at: usize| picture.vertices.get(at).map(|it| quoted(&it.name)).unwrap_or_default();
        out.push_str(&format!("  {} -> {}{ring};\n", name(*from), name(*to)));
    }
    out + "}\n"
}

fn attributes(it: &Vertex) -> String {
    let word = it.action.and_then(word).map(|word| format!("\n{word}")).unwrap_or_default();
    let mut out = format!("label={}", quoted(&format!("{}{word}", it.label)));
    match it.shape {
        Shape::Resource => {}
        Shape::Provider => out.push_str(", shape = diamond"),
        Shape::Value => out.push_str(", shape = note"),
        Shape::Other => out.push_str(", shape = box3d"),
    }
    if let Some((inside, edge)) = it.action.map(colours) {
        out.push_str(&format!(", style = filled, fillcolor = \"{inside}\", color = \"{edge}\""));
    }
    out
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}
