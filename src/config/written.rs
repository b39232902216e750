//! How a declaration is written: messages say what to write in the language of the module at hand.

use super::Config;

/// What a module is written in. Only messages ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Syntax {
    #[default]
    Toml,
    /// Terraform's own, or its JSON.
    Hcl,
}

impl Config {
    /// The declaration of what has this address, such as `["variable", "region"]`, `["aws_vpc", "main"]`.
    pub fn written(&self, path: &[&str]) -> String {
        match (self.syntax, path) {
            (Syntax::Toml, ["locals", name]) => format!("`{name} = …` under [locals]"),
            (Syntax::Hcl, ["locals", name]) => format!("`locals {{ {name} = … }}`"),
            (Syntax::Toml, ["provider", kind, alias]) => {
                format!("[[provider.{kind}]] with alias = \"{alias}\"")
            }
            (Syntax::Hcl, ["provider", kind, alias]) => {
                format!("`provider \"{kind}\"` with `alias = \"{alias}\"`")
            }
            (Syntax::Toml, _) => format!("[{}]", path.join(".")),
            (Syntax::Hcl, ["data", kind, name]) => format!("`data \"{kind}\" \"{name}\"`"),
            (Syntax::Hcl, [block @ ("variable" | "output" | "module"), name]) => {
                format!("`{block} \"{name}\"`")
            }
            (Syntax::Hcl, [kind, name]) => format!("`resource \"{kind}\" \"{name}\"`"),
            (Syntax::Hcl, _) => format!("`{}`", path.join(" ")),
        }
    }
}
