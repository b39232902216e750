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
            ("infra plan --var zones='[\"a\", \"b\"]'", "with another value for a variable"),
            ("infra plan --target module.network", "a module, and what it depends on"),
            ("infra plan --replace 'aws_subnet.a[0]'", "make something anew"),
            ("infra plan --refresh-only", "see only what has changed outside"),
            ("infra plan --detailed-exitcode", "exit with 2 where anything would change"),
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
            ("infra state pull > state.json", "a copy of the state"),
        ],
    ),
    (
        "state list",
        &[
            ("infra state list", "every address"),
            ("infra state list module.network aws_sqs_queue.jobs", "a module's, and a resource's"),
        ],
    ),
    ("state pull", &[("infra state pull > state.json", "a copy of the state as it is stored")]),
    (
        "state push",
        &[
            ("infra state push state.json", "store a successor of the stored state"),
            ("infra state push --force errored.tfstate", "store it whatever is there"),
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
    (
        "version",
        &[("infra version", "which version this is"), ("infra version --json", "for a program")],
    ),
];

/// The examples of a command.
pub fn of(path: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|it| it.0 == path).map_or(&[], |it| it.1)
}

/// Help is read in 80 columns too.
const COLUMNS: usize = 80;

/// The examples as lines: side by side where that fits, else what one does goes below it.
pub fn text(examples: &[Example]) -> String {
    let width = examples.iter().map(|it| it.0.len()).max().unwrap_or_default();
    let fits = examples.iter().all(|it| 2 + width + 3 + it.1.len() <= COLUMNS);
    let lines = examples.iter().map(|(line, what)| match fits {
        true => format!("  {line:width$}   {what}"),
        false => format!("  {line}\n      {what}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
