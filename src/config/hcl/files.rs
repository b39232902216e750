//! Which files of a folder are read, and as what.

/// The files that declare, and those that override, each in the order of their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::config) struct Files {
    pub primary: Vec<String>,
    pub overrides: Vec<String>,
    /// Files of values that are read without being asked for, from weak to strong.
    pub values: Vec<String>,
}

impl Files {
    /// Of the names in a folder, sorted.
    pub fn of(names: &[String]) -> Files {
        let mut out = Files::default();
        let named = |it: &str| names.iter().any(|name| name == it).then(|| it.to_owned());
        out.values.extend(["terraform.tfvars", "terraform.tfvars.json"].into_iter().filter_map(named));
        for name in names {
            if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") {
                out.values.push(name.clone());
                continue;
            }
            let Some(stem) = stem(name) else { continue };
            match stem == "override" || stem.ends_with("_override") {
                true => out.overrides.push(name.clone()),
                false => out.primary.push(name.clone()),
            }
        }
        out
    }

    /// Whether there is anything to read.
    pub fn is_stack(&self) -> bool {
        !self.primary.is_empty() || !self.overrides.is_empty()
    }
}

/// The name of a `.tf` or `.tf.json` file without that.
fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tf.json"))
}

/// What editors leave behind.
pub(in crate::config) fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_name() {
        let names = [
            "a.tf",
            "a_override.tf",
            "b.tf.json",
            "b.tfvars",
            "m.auto.tfvars",
            "n.auto.tfvars.json",
            "override.tf.json",
            "overrides.tf",
            "readme.md",
            "terraform.tfvars",
            "terraform.tfvars.json",
            "x.tf.bak",
        ];
        let files = Files::of(&names.map(str::to_owned));
        assert_eq!(files.primary, ["a.tf", "b.tf.json", "overrides.tf"]);
        assert_eq!(files.overrides, ["a_override.tf", "override.tf.json"]);
        let values = ["terraform.tfvars", "terraform.tfvars.json", "m.auto.tfvars", "n.auto.tfvars.json"];
        assert_eq!(files.values, values);
        assert!(is_ignored(".a.tf") && is_ignored("a.tf~") && is_ignored("#a.tf#") && !is_ignored("a.tf"));
    }
}
