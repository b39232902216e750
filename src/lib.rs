//! infra: declarative provisioning for AWS.
//!
//! The tour, from the top. [`cli`] takes a command, and hands over to [`engine`] and [`report`].
//! [`config`] reads the stack files into a model of [`lang`] expressions; [`graph`] orders them;
//! [`engine::refresh`] reads what [`state`] holds from AWS in batches; [`engine::planner`] puts
//! configuration and state together by the rules in [`plan`]; [`engine::apply`] carries the plan out.
//! A resource type is one struct and one trait ([`resource`]) in one file under [`aws`], or (for what
//! needs no AWS: random values, files, keys) under [`providers`]; the rest of the
//! program sees it through [`kind`], as a [`schema`] and a handful of calls. Beside all that, [`format`]
//! lays files out, and [`convert`] makes stack files of `.tf` files.
//!
//! Files we read: `stack.toml`, `*.stack.toml`, `env/NAME.toml`, or `*.tf`, `*.tf.json` and `*.tfvars`; the
//! same of modules, below `.infra/modules` where they come from Git; files named by `--var-file` and by
//! functions such as `file(…)`, AWS's shared configuration and credentials files, plan files.
//! Files we write: the state (`terraform.tfstate`, `terraform.tfstate.d/ENV/terraform.tfstate`, or the
//! S3 object), its backups, lock and `.plan-key`, `.infra.lock.toml`, what is below `.infra/modules`,
//! `.infra/stack.schema.json` and the line in `stack.toml` that names it, `errored.tfstate` (in the folder for
//! temporary files where the stack's is full), the plan given to
//! `--out`, what `infra init --example`, `infra fmt` and
//! `infra convert` are told to write, below the user's cache folder what `infra sandbox` installs, and
//! below the state folder the history of `infra console`.
//!
//! `docs/architecture.md` has the map, the invariants and how to add a resource type.

pub mod address;
pub mod aws;
pub mod cli;
pub mod config;
pub mod convert;
pub mod diag;
pub mod engine;
pub mod event;
pub mod format;
pub mod generate;
pub mod graph;
pub mod install;
pub mod kind;
pub mod lang;
pub mod plan;
pub mod providers;
pub mod report;
pub mod resource;
pub mod sandbox;
pub mod schema;
pub mod settings;
pub mod state;
