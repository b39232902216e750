//! The table: Terraform's commands and options first, then what other tools call things.

use super::Why::{self, Called, NotYet, Unneeded};

const BUILT_IN: &str = "providers are part of infra";
const NO_PLUGINS: &str = "leave it out: there is nothing to install, to lock or to mirror";
const NO_CLOUD: &str = "there is no HCP Terraform behind it";
const NO_TESTS: &str = "leave it out: a stack's files of tests (.tftest.hcl) are left alone";
const TESTS: &str = "try a stack with `infra apply --sandbox`, say what must hold in `check` blocks, and see \
                     with `infra plan --detailed-exitcode` that nothing is left to do";
const BACKUP: &str = "a local state's last version is kept beside it, and destructive commands say where";
const STATE: &str =
    "say it in the stack (`[backend.local]` with `path = …`), or with `--backend-config path=FILE`";
const STATE_OUT: &str = "the state is kept in one place, which the backend names";

/// Commands that are not here.
pub const COMMANDS: &[(&str, Why)] = &[
    ("login", Unneeded(NO_REGISTRY, CREDENTIALS)),
    ("logout", Unneeded(NO_REGISTRY, CREDENTIALS)),
    ("cloud", Unneeded(NO_CLOUD, "say where the state is kept with `[backend.s3]`")),
    ("test", NotYet(TESTS)),
    ("metadata", NotYet("`infra docs NAME` tells of a function, `infra docs --list` names all of them")),
    ("metadata functions", NotYet("`infra docs NAME` tells of a function")),
    ("query", NotYet("`infra import` takes up what is there by its id")),
    ("stacks", NotYet("a stack is a folder: run each with `infra -C DIR apply`")),
    ("providers lock", Unneeded(BUILT_IN, NO_PLUGINS)),
    ("providers mirror", Unneeded(BUILT_IN, NO_PLUGINS)),
    ("state replace", Called("infra state replace-provider")),
    ("state move", Called("infra state mv")),
    ("state remove", Called("infra state rm")),
    ("state delete", Called("infra state rm")),
    ("state ls", Called("infra state list")),
    ("state forget", Called("infra state rm")),
    ("env", Called("infra workspace")),
    ("environment", Called("infra workspace")),
    ("env list", Called("infra workspace list")),
    ("unlock", Called("infra force-unlock")),
    ("lock", Unneeded("every command that writes takes the lock itself", "see --lock and --lock-timeout")),
    // Of other tools.
    ("up", Called("infra apply")),
    ("deploy", Called("infra apply")),
    ("run", Called("infra apply")),
    ("create", Called("infra apply")),
    ("update", Called("infra apply")),
    ("diff", Called("infra plan")),
    ("preview", Called("infra plan")),
    ("changes", Called("infra plan")),
    ("down", Called("infra destroy")),
    ("delete", Called("infra destroy")),
    ("remove", Called("infra destroy")),
    ("new", Called("infra init --example")),
    ("example", Called("infra init --example")),
    ("check", Called("infra validate")),
    ("lint", Called("infra validate")),
    ("format", Called("infra fmt")),
    ("outputs", Called("infra output")),
    ("eval", Called("infra console")),
    ("repl", Called("infra console")),
    ("upgrade", Called("infra init --upgrade")),
    ("migrate", Called("infra init --migrate-state")),
    ("doc", Called("infra docs")),
    ("man", Called("infra manual")),
    ("completion", Called("infra completions")),
    ("autocomplete", Called("infra completions")),
    ("demo", Called("infra sandbox demo")),
];

const NO_REGISTRY: &str = "there is no registry to log in to";
const CREDENTIALS: &str =
    "modules come from Git with Git's own credentials, and AWS's are found as by every AWS tool";

/// Options that are not here: of which command (`*`: of any), its name, why.
pub const OPTIONS: &[(&str, &str, Why)] = &[
    ("init", "plugin-dir", Unneeded(BUILT_IN, NO_PLUGINS)),
    ("init", "get-plugins", Unneeded(BUILT_IN, NO_PLUGINS)),
    ("init", "verify-plugins", Unneeded(BUILT_IN, NO_PLUGINS)),
    (
        "init",
        "lockfile",
        Unneeded(
            "a module's commit changes in the lock file with `--upgrade` only",
            "leave it out: what the lock file names is what is fetched",
        ),
    ),
    (
        "init",
        "from-module",
        Unneeded(
            "a copy of a module is `git clone`, and says so",
            "`git clone URL .`, then `infra init`; `infra init --example` writes a stack to start from",
        ),
    ),
    ("init", "cloud", Unneeded(NO_CLOUD, "leave it out; `--backend=false` leaves the backend alone")),
    ("init", "json", NotYet("the exit code tells whether it went well")),
    ("*", "test-directory", Unneeded("there are no tests to read yet", NO_TESTS)),
    ("*", "no-tests", Unneeded("there are no tests to read yet", NO_TESTS)),
    (
        "*",
        "ignore-remote-version",
        Unneeded(NO_CLOUD, "leave it out: a state of a newer version is refused with a word about it"),
    ),
    ("*", "state", Called("--backend-config path=FILE")),
    ("*", "state-out", Unneeded(STATE_OUT, STATE)),
    ("*", "backup", Unneeded(BACKUP, "leave it out")),
    ("plan", "module-depth", Unneeded("a plan shows all modules", "leave it out")),
    ("import", "config", Called("-C DIR")),
    ("import", "provider", Unneeded("a resource's block says its provider", "write `provider = …` there")),
    ("destroy", "force", Called("--auto-approve")),
    ("apply", "force", Called("--auto-approve")),
    ("providers", "platform", Unneeded(BUILT_IN, NO_PLUGINS)),
    (
        "*",
        "install-autocomplete",
        Unneeded(COMPLETIONS, "`infra completions --help` shows the line for each shell"),
    ),
    ("*", "uninstall-autocomplete", Unneeded(COMPLETIONS, "take that line out of the shell's start-up file")),
    // Of other tools, and of guesses.
    ("*", "workspace", Called("--env NAME")),
    ("*", "environment", Called("--env NAME")),
    ("*", "stage", Called("--env NAME")),
    ("*", "yes", Called("--auto-approve")),
    ("*", "dir", Called("-C DIR")),
    ("*", "cwd", Called("-C DIR")),
    ("*", "profile", Unneeded(PROVIDER, "`AWS_PROFILE=NAME infra …`, or `profile = …` in `[provider.aws]`")),
    ("*", "region", Unneeded(PROVIDER, "`AWS_REGION=NAME infra …`, or `region = …` in `[provider.aws]`")),
    ("apply", "dry-run", Called("infra plan")),
    ("destroy", "dry-run", Called("infra plan --destroy")),
    ("plan", "dry-run", Unneeded("a plan changes nothing", "leave it out")),
    (
        "plan",
        "auto-approve",
        Unneeded("a plan changes nothing", "leave it out, or `infra apply --auto-approve`"),
    ),
    ("*", "no-colour", Called("--no-color")),
];

const PROVIDER: &str = "it is found as by every AWS tool";
const COMPLETIONS: &str = "completions are one line in the shell's start-up file";
