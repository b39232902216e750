//! The examples in the help of all commands, in one place. A test reads each with our own parser.

/// A command line, and what it does.
pub type Example = (&'static str, &'static str);

/// Command → its examples. Commands in commands are named with a space: `state list`.
pub const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "init",
        &[
            ("infra init", "fetch modules; check the stack and where its state is kept"),
            ("infra init --env prod --auto-approve", "in a pipeline: ask nothing"),
            ("infra init --upgrade", "look for newer versions of modules"),
            ("infra init --example shop", "write a small stack to start from into the folder shop"),
            ("infra init --migrate-state", "bring the state along to the backend that the stack has now"),
        ],
    ),
    (
        "validate",
        &[
            ("infra validate", "check the files in this folder"),
            ("infra -C stacks/shop validate --json", "the same elsewhere, for a program to read"),
        ],
    ),
    (
        "plan",
        &[
            ("infra plan", "show what an apply would change"),
            ("infra plan --env prod --out prod.plan", "keep the plan, to apply exactly that"),
            ("infra plan --var zones='[\"a\", \"b\"]'", "with a value for a variable"),
            ("infra plan --target module.network", "a module, and what it depends on"),
            ("infra plan --replace 'aws_subnet.a[0]'", "make something anew"),
            ("infra plan --refresh-only", "see only what has changed outside"),
            ("infra plan --detailed-exitcode", "exit with 2 where there are changes"),
        ],
    ),
    (
        "apply",
        &[
            ("infra apply", "plan, ask, change"),
            ("infra apply prod.plan", "do exactly what a saved plan says"),
            ("infra apply --env dev --auto-approve", "plan and change without asking"),
            ("infra apply --rounds", "where a count depends on what is not made yet"),
            ("infra apply --refresh-only", "note in the state what has changed outside"),
        ],
    ),
    (
        "destroy",
        &[
            ("infra destroy --env dev", "show what there is, ask, remove it"),
            ("infra destroy --target aws_sqs_queue.jobs", "this, and what depends on it"),
            ("infra plan --destroy", "see first what would go"),
        ],
    ),
    (
        "output",
        &[
            ("infra output", "all outputs"),
            ("infra output --raw url", "one, for use in a script"),
            ("infra output --json --env prod", "all, with types, for a program"),
        ],
    ),
    (
        "show",
        &[
            ("infra show", "what is in the state"),
            ("infra show prod.plan", "what a saved plan would do"),
            ("infra show --json prod.plan", "the same for a program, as Terraform writes it"),
        ],
    ),
    (
        "console",
        &[
            ("infra console", "ask on the terminal; Tab completes"),
            ("echo 'aws_vpc.main.cidr_block' | infra console --env dev", "print one value"),
            ("echo 'cidrsubnet(\"10.0.0.0/16\", 8, 3)' | infra console", "try a function"),
        ],
    ),
    (
        "fmt",
        &[
            ("infra fmt", "lay out the stack in this folder"),
            ("infra fmt --check --recursive", "fail where a file below is not laid out"),
            ("infra fmt --diff --write=false", "show what would change"),
            ("infra fmt - < stack.toml", "lay out standard input"),
        ],
    ),
    (
        "convert",
        &[
            ("infra convert --out ../shop", "a new folder; this one stays as it is"),
            ("infra convert network --replace", "stack files instead of the .tf files in network"),
        ],
    ),
    (
        "state",
        &[
            ("infra state list", "what is in the state"),
            ("infra state show aws_vpc.main", "all that is known of one"),
            ("infra state mv aws_vpc.main aws_vpc.shop", "it is called so in the stack now"),
            ("infra state rm aws_vpc.main", "forget it, and leave it at AWS"),
        ],
    ),
    (
        "state list",
        &[
            ("infra state list", "every address"),
            ("infra state list module.site 'aws_subnet.a[\"b\"]'", "a module's, and one instance"),
            ("infra state list --id vpc-0123456789abcdef0", "what has this id"),
        ],
    ),
    (
        "state show",
        &[
            ("infra state show aws_vpc.main", "its attributes"),
            ("infra state show --json 'module.a[\"b\"].aws_vpc.main'", "the same for a program"),
        ],
    ),
    (
        "state mv",
        &[
            ("infra state mv aws_vpc.main aws_vpc.shop", "another name"),
            ("infra state mv aws_subnet.a 'aws_subnet.private[\"a\"]'", "now with for_each"),
            ("infra state mv aws_vpc.main module.network.aws_vpc.main", "into a module"),
            ("infra state mv --dry-run module.network module.net", "only say what would be moved"),
            (
                "infra state mv --state-out ../net/terraform.tfstate module.net module.net",
                "into another state file",
            ),
        ],
    ),
    (
        "state rm",
        &[
            ("infra state rm aws_instance.old", "forget it, and leave it at AWS"),
            ("infra state rm 'aws_subnet.a[\"b\"]' module.legacy", "an instance, and all of a module"),
            ("infra state rm --dry-run module.legacy", "only say what would be forgotten"),
        ],
    ),
    (
        "state replace-provider",
        &[
            (
                "infra state replace-provider registry.acme.org/acme/aws hashicorp/aws",
                "from a mirror's name to the usual one",
            ),
            ("infra state replace-provider --auto-approve -- -/aws hashicorp/aws", "from Terraform 0.12's"),
        ],
    ),
    (
        "state pull",
        &[
            ("infra state pull > copy.tfstate", "a copy of the state as it is stored"),
            ("infra state pull | jq .serial", "a look at one field"),
        ],
    ),
    (
        "state push",
        &[
            ("infra state push errored.tfstate", "what an apply could not store"),
            ("infra state pull | jq '.serial += 1' | infra state push -", "from standard input"),
            ("infra state push --force old.tfstate", "whatever is stored now"),
        ],
    ),
    (
        "state repair",
        &[
            ("infra state repair", "look, tell, ask, repair"),
            ("infra state repair --env prod --auto-approve", "do what is recommended"),
        ],
    ),
    (
        "taint",
        &[
            ("infra taint aws_instance.web", "replaced by the next apply"),
            ("infra taint 'aws_instance.web[1]'", "one of several"),
            ("infra apply --replace aws_instance.web", "the same in one step"),
        ],
    ),
    ("untaint", &[("infra untaint aws_instance.web", "it is fine after all")]),
    (
        "workspace",
        &[
            ("infra workspace list", "which ones there are"),
            ("infra workspace new dev", "one more, with an empty state"),
            ("infra plan --env dev", "one command in it, nothing selected"),
        ],
    ),
    ("workspace list", &[("infra workspace list", "a star marks the one in use")]),
    ("workspace show", &[("infra workspace show", "the one in use")]),
    (
        "workspace new",
        &[
            ("infra workspace new dev", "make it, and select it"),
            ("infra workspace new --state old.tfstate dev", "with a copy of a state"),
        ],
    ),
    (
        "workspace select",
        &[
            ("infra workspace select dev", "from now on, in this folder"),
            ("infra workspace select --or-create dev", "make it where it is not there"),
        ],
    ),
    (
        "workspace delete",
        &[
            ("infra workspace delete dev", "with its state, which must be empty"),
            ("infra workspace delete --force dev", "what it holds stays at AWS, unknown"),
        ],
    ),
    (
        "graph",
        &[
            ("infra graph | dot -Tsvg > graph.svg", "a picture, with Graphviz"),
            ("infra graph --format mermaid", "for a ```mermaid block in Markdown"),
            ("infra graph --plan prod.plan | dot -Tpng > plan.png", "in the colours of the plan"),
            ("infra graph --draw-cycles", "what depends on itself, in red"),
        ],
    ),
    ("get", &[("infra get", "what is missing"), ("infra get --update", "newer versions too")]),
    ("modules", &[("infra modules", "a tree of them"), ("infra modules --json", "for a program")]),
    (
        "providers",
        &[
            ("infra providers", "a tree of modules with what each needs"),
            ("infra providers schema --json", "what all types take and give"),
        ],
    ),
    ("providers schema", &[("infra providers schema --json", "as Terraform writes it, for its tools")]),
    (
        "docs",
        &[
            ("infra docs aws_subnet", "a resource type"),
            ("infra docs aws_subnet.cidr_block", "one of its arguments"),
            ("infra docs data.aws_ami", "a data source"),
            ("infra docs cidrsubnet", "a function"),
            ("infra docs --search \"dead letter\"", "what speaks of both words"),
            ("infra docs --list", "all of it"),
        ],
    ),
    (
        "schema",
        &[
            ("infra schema > stack.schema.json", "for editors"),
            ("infra schema aws_subnet", "one resource type"),
            ("infra schema data.aws_ami", "one data source"),
            ("infra schema --terraform", "for tools that read Terraform's provider schemas"),
        ],
    ),
    (
        "import",
        &[
            ("infra import aws_vpc.main vpc-0a1b2c3d", "as the stack's aws_vpc.main"),
            ("infra import 'aws_s3_bucket.logs[\"eu\"]' acme-logs-eu", "one of several"),
            ("infra import --generate aws_vpc.main vpc-0a1b2c3d", "and write the block"),
            ("infra import aws_vpc.main vpc-0a1b2c aws_subnet.a subnet-0a1b2c", "two at once"),
        ],
    ),
    (
        "refresh",
        &[
            ("infra refresh", "without asking"),
            ("infra apply --refresh-only", "the same, after showing it and asking"),
            ("infra refresh --target aws_vpc.main", "only this"),
        ],
    ),
    ("state reencrypt", &[("infra state reencrypt", "by the method that the stack names now")]),
    (
        "completions",
        &[
            ("source <(infra completions bash)", "for this shell; in ~/.bashrc for all"),
            ("infra completions fish | source", "the same in fish"),
        ],
    ),
    (
        "manual",
        &[
            ("infra manual man1", "write them into the folder man1"),
            ("man -l man1/infra-plan.1", "read one"),
            ("infra manual ~/.local/share/man/man1", "to where man finds them"),
        ],
    ),
    (
        "force-unlock",
        &[
            (
                "infra force-unlock 6e5b6e5c-8a8f-4c4e-9a52-3f9f1a6a1c11",
                "release the lock that the error named",
            ),
            ("infra force-unlock --force 6e5b6e5c-8a8f-4c4e-9a52-3f9f1a6a1c11", "without asking"),
        ],
    ),
    (
        "sandbox",
        &[
            ("infra sandbox demo", "a stack's whole life, without an account"),
            ("infra sandbox up", "start an AWS on this machine"),
            ("infra plan --sandbox", "plan against it"),
        ],
    ),
    (
        "sandbox up",
        &[
            ("infra sandbox up", "start it, and print its address"),
            ("infra sandbox up --name tests", "one more, beside the first"),
        ],
    ),
    ("sandbox down", &[("infra sandbox down", "end it, with everything in it")]),
    ("sandbox status", &[("infra sandbox status", "is it up?")]),
    ("sandbox env", &[("eval \"$(infra sandbox env)\"", "point this shell's AWS tools at it")]),
    ("sandbox demo", &[("infra sandbox demo", "takes about a minute, needs no account")]),
    ("version", &[("infra version", "which version this is"), ("infra version --json", "for a program")]),
];

/// The examples of a command.
pub fn of(path: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|it| it.0 == path).map_or(&[], |it| it.1)
}

/// Help is read in 80 columns too.
const COLUMNS: usize = 80;

/// A line that is longer stands alone, and what it does goes below it.
const LONG: usize = 48;

/// The examples as lines.
pub fn text(examples: &[Example]) -> String {
    let short = examples.iter().map(|it| it.0.len()).filter(|it| *it <= LONG);
    let width = short.max().unwrap_or_default();
    let lines = examples.iter().map(|(line, what)| match 2 + width + 2 + what.len() {
        all if all <= COLUMNS && line.len() <= width => format!("  {line:width$}  {what}"),
        _ => format!("  {line}\n      {what}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli;

    fn paths(command: &clap::Command, path: &str, out: &mut Vec<String>) {
        for it in command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help") {
            let path = format!("{path} {}", it.get_name()).trim().to_owned();
            paths(it, &path, out);
            out.push(path);
        }
    }

    #[test]
    fn every_command_has_examples_and_no_other_has() {
        let mut all = Vec::new();
        paths(&cli::tree(), "", &mut all);
        let without: Vec<_> = all.iter().filter(|it| of(it).is_empty()).collect();
        let strange: Vec<_> =
            EXAMPLES.iter().map(|it| it.0).filter(|it| !all.iter().any(|a| a == it)).collect();
        assert!(without.is_empty() && strange.is_empty(), "without: {without:?}, not there: {strange:?}");
    }

    /// The words of a shell's line, from `infra` to the end of the command.
    fn words(line: &str) -> Option<Vec<OsString>> {
        let line = &line[line.rfind("infra ")?..];
        let (mut out, mut word, mut quote, mut any) = (Vec::new(), String::new(), None, false);
        let mut letters = line.chars();
        while let Some(it) = letters.next() {
            match (quote, it) {
                (Some(open), it) if it == open => quote = None,
                (None, '\'' | '"') => (quote, any) = (Some(it), true),
                (None, '\\') => word.extend(letters.next()),
                (None, '|' | '>' | '<' | ')' | ';') => break,
                (None, ' ') if word.is_empty() && !any => {}
                (None, ' ') => {
                    out.push(std::mem::take(&mut word).into());
                    any = false;
                }
                _ => word.push(it),
            }
        }
        if !word.is_empty() || any {
            out.push(word.into());
        }
        Some(out)
    }

    #[test]
    fn every_example_is_understood() {
        for (path, examples) in EXAMPLES {
            let ours = examples.iter().filter(|it| it.0.contains("infra "));
            let mut named = false;
            for (line, what) in ours {
                let words = words(line).unwrap();
                let read = cli::tree().try_get_matches_from(cli::spelled(words));
                let read = read.unwrap_or_else(|it| panic!("{line}: {it}"));
                let first = path.split(' ').next().unwrap();
                named |= read.subcommand_name() == Some(first);
                assert!(!what.is_empty() && !what.ends_with('.'), "{line}: {what}");
            }
            assert!(named, "no example of `{path}` runs it");
        }
    }

    #[test]
    fn examples_are_read_in_eighty_columns() {
        for (path, examples) in EXAMPLES {
            let lines = text(examples);
            let wide: Vec<&str> = lines.lines().filter(|it| it.len() > COLUMNS).collect();
            assert!(wide.is_empty(), "{path}: {wide:?}");
        }
    }
}
