//! The rules of the house: arrows point down, the pure core does no I/O, only `report` prints, and
//! a resource type's file knows the contract and its own service only.

use std::path::Path;

use regex_lite::Regex;

use crate::support::folder::{files, project};

/// A source file: where it stands, and its code without comments and tests.
struct Source {
    /// Such as `aws/ec2/subnet.rs`.
    name: String,
    code: String,
}

impl Source {
    /// Its layer: the first part of its path.
    fn layer(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// Its line in [`MAY_USE`]: that of its folder where there is one, else that of its layer.
    fn allowed(&self) -> Option<&'static [&'static str]> {
        let folder = |it: &str| self.name.strip_prefix(it).is_some_and(|it| it.starts_with(['/', '.']));
        let line = MAY_USE.iter().filter(|it| folder(it.0)).max_by_key(|it| it.0.len());
        line.map(|it| it.1)
    }

    /// What it uses of our own crate, as paths such as `aws::shape`.
    fn uses(&self) -> Vec<String> {
        let path = Regex::new(r"\b(?:crate|infra)::([a-z_]+(?:::[a-z_0-9]+)*)").unwrap();
        let group = Regex::new(r"\b(?:crate|infra)::((?:[a-z_]+::)*)\{([^;]*?)\};").unwrap();
        let mut out: Vec<String> = path.captures_iter(&self.code).map(|it| it[1].to_owned()).collect();
        for it in group.captures_iter(&self.code) {
            let inside = it[2].split(',').map(str::trim);
            let modules = inside.filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase()));
            out.extend(modules.map(|name| {
                let name = name.split("::").next().unwrap_or(name);
                format!("{}{name}", &it[1])
            }));
        }
        // A macro of that module, which Rust exports at the root.
        for it in out.iter_mut().filter(|it| *it == "mirror") {
            *it = "aws::shape".to_owned();
        }
        out.sort();
        out.dedup();
        out
    }
}

fn sources() -> Vec<Source> {
    let all = files(&project().join("src"));
    let rust = all.into_iter().filter(|it| it.0.extension().is_some_and(|it| it == "rs"));
    let rust = rust.filter(|it| {
        !it.0.components().any(|it| matches!(it.as_os_str().to_str(), Some("tests" | "tests.rs")))
    });
    rust.map(|(name, path)| Source { name: name.to_str().unwrap().to_owned(), code: code(&path) }).collect()
}

/// A file without its comments, its texts and what follows `#[cfg(test)]`.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let strings = Regex::new(r#""(?:[^"\\\n]|\\.)*""#).unwrap();
    let lines = text.lines().map(|line| {
        let line = strings.replace_all(line, "\"\"");
        line.split("//").next().unwrap_or_default().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which layers each may use. What stands in none of these lines uses nothing of ours.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "address",
            "aws",
            "cli",
            "config",
            "convert",
            "diag",
            "engine",
            "event",
            "format",
            "generate",
            "graph",
            "install",
            "kind",
            "lang",
            "plan",
            "providers",
            "report",
            "sandbox",
            "schema",
            "state",
        ],
    ),
    (
        "engine",
        &[
            "address",
            "aws",
            "config",
            "diag",
            "engine",
            "event",
            "generate",
            "graph",
            "kind",
            "lang",
            "plan",
            "providers",
            "resource",
            "schema",
            "state",
        ],
    ),
    (
        "report",
        &[
            "address", "config", "diag", "engine", "event", "graph", "kind", "lang", "plan", "report",
            "schema", "state",
        ],
    ),
    // Fetches modules from Git.
    ("install", &["config"]),
    ("sandbox", &["aws", "sandbox"]),
    ("settings", &["aws", "config", "diag", "lang", "settings"]),
    ("state", &["address", "aws", "config", "diag", "lang", "schema", "settings", "state"]),
    ("plan", &["address", "config", "diag", "graph", "kind", "lang", "plan", "resource", "schema", "state"]),
    ("config", &["address", "config", "diag", "kind", "lang", "schema"]),
    // What happens while the engine works, for `report` to show.
    ("event", &["address", "aws", "diag", "plan", "state"]),
    ("graph", &["address", "config", "diag", "graph", "lang"]),
    ("kind", &["aws", "diag", "lang", "plan", "providers", "resource", "schema"]),
    // Types that need no AWS; a state of another stack is one of the things they read.
    (
        "providers",
        &["aws", "config", "diag", "kind", "lang", "plan", "providers", "resource", "schema", "state"],
    ),
    ("aws", &["aws", "kind", "lang", "plan", "resource", "schema"]),
    // From a provider's block to clients.
    ("aws/connect", &["aws", "config", "diag", "lang"]),
    ("resource", &["aws", "lang", "plan", "resource", "schema"]),
    ("convert", &["convert", "diag", "format"]),
    ("format", &["diag", "format", "lang"]),
    // Values as the text of resource blocks.
    ("generate", &["address", "format", "generate", "lang", "schema"]),
    ("schema", &["address", "diag", "lang", "schema"]),
    // From a block of the stack file to values of the schema's types.
    ("schema/conform", &["address", "config", "diag", "lang", "schema"]),
    ("lang", &["diag", "lang"]),
    ("address", &["lang"]),
    ("diag", &[]),
    ("lib", &[]),
];

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(allowed) = source.allowed() else {
            wrong.push(format!("src/{}: in no layer; say in this test what it may use", source.name));
            continue;
        };
        for used in source.uses() {
            let layer = used.split("::").next().unwrap_or_default();
            if !allowed.contains(&layer) {
                wrong.push(format!("src/{}: {} must not use {used}", source.name, source.layer()));
            }
        }
    }
    none(wrong);
}

/// Layers that neither do I/O nor know AWS.
const PURE: &[&str] =
    &["address", "convert", "diag", "format", "generate", "graph", "lang", "plan", "schema"];

/// `file()` and its like are functions of the language: the only place there that reads files.
const READS_FILES: &[&str] = &["lang/functions/file.rs"];

#[test]
fn the_core_is_pure() {
    let io = Regex::new(r"\bstd::(fs|process|env)\b|\bstd::net::(Tcp|Udp|ToSocketAddrs)|\btokio::|\baws_sdk_|\baws_config\b|\bstd::thread\b")
        .unwrap();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|it| PURE.contains(&it.layer())) {
        if READS_FILES.contains(&source.name.as_str()) {
            continue;
        }
        wrong.extend(io.find_iter(&source.code).map(|it| format!("src/{}: {}", source.name, it.as_str())));
    }
    none(wrong);
}

/// Apart from `report`: the last resort, and output that is passed through or made for a shell.
const MAY_PRINT: &[&str] = &["report", "main"];

#[test]
fn only_report_prints() {
    let prints =
        Regex::new(r"\be?print(ln)?!\s*[(\[{]|\bdbg!|\b(stdout|stderr)\(\)\s*\.(lock|write)").unwrap();
    let mut wrong = Vec::new();
    for source in sources() {
        if MAY_PRINT.contains(&source.layer()) || source.name.starts_with("cli/sandbox") {
            continue;
        }
        wrong
            .extend(prints.find_iter(&source.code).map(|it| format!("src/{}: {}", source.name, it.as_str())));
    }
    none(wrong);
}

/// What a file of a resource type or data source may use besides its own service.
const CONTRACT: &[&str] = &[
    "aws",
    "aws::blocks",
    "aws::moment",
    "aws::pages",
    "aws::requirements",
    "aws::shape",
    "aws::tags",
    "resource",
    "plan::adjust",
    "lang",
    "schema",
    "schema::digest",
];

#[test]
fn a_types_file_knows_the_contract_and_its_service() {
    let mut wrong = Vec::new();
    for source in sources() {
        let mut parts = source.name.split('/');
        let (Some("aws"), Some(service), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        // Not a service: the way from a provider's block to clients.
        if service == "connect" {
            continue;
        }
        for used in source.uses() {
            let own = format!("aws::{service}");
            let allowed = CONTRACT.contains(&used.as_str())
                || CONTRACT
                    .iter()
                    .filter(|it| it.contains("::"))
                    .any(|it| used.starts_with(&format!("{it}::")))
                || used.starts_with("resource::")
                || used.starts_with("lang::")
                || used == own
                || used.starts_with(&format!("{own}::"));
            if !allowed {
                wrong.push(format!("src/{}: a type's file must not use {used}", source.name));
            }
        }
    }
    none(wrong);
}

#[test]
fn uses_are_found_in_groups_too() {
    let code =
        "use crate::aws::{Aws, shape, ec2::x};\nuse crate::{engine, state::Store};\ncrate::plan::diff();";
    let source = Source { name: "lang/x.rs".to_owned(), code: code.to_owned() };
    let uses = source.uses();
    for expected in ["aws", "aws::shape", "aws::ec2", "engine", "state", "plan::diff"] {
        assert!(uses.iter().any(|it| it == expected), "{expected} in {uses:?}");
    }
}
