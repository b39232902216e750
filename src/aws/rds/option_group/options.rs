//! Options of a group: what the stack says of them, and what is sent where they change. Pure.

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::{given, listed, seen};
use crate::resource::Set;

/// Something that the engine can do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// AWS's name of it, such as `MARIADB_AUDIT_PLUGIN`, `STATSPACK` or `SQLSERVER_BACKUP_RESTORE`.
    pub option_name: String,
    /// The port that it listens on, where it does.
    pub port: Option<i64>,
    /// Its version, where there are several.
    pub version: Option<String>,
    /// Security groups from before VPCs that may use its port.
    pub db_security_group_memberships: Option<Set<String>>,
    /// Security groups that may use its port.
    pub vpc_security_group_memberships: Option<Set<String>>,
    /// How it does it.
    #[serde(default)]
    pub option_settings: Set<Setting>,
}

/// How an option does what it does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// AWS's name of it.
    pub name: String,
    /// What it is set to.
    pub value: String,
}

/// Which parts of an option the stack says, by name: AWS tells all of them, and the defaults of the others
/// are nobody's wish.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Said {
    name: String,
    port: bool,
    version: bool,
    settings: Vec<String>,
}

/// What AWS tells instead of a password.
const HIDDEN: &str = "****";

impl Choice {
    pub(super) fn said(&self) -> Said {
        let mut settings: Vec<_> = self.option_settings.iter().map(|it| it.name.clone()).collect();
        settings.sort();
        Said {
            name: self.option_name.clone(),
            port: self.port.is_some_and(|it| it != 0),
            version: self.version.as_ref().is_some_and(|it| !it.is_empty()),
            settings,
        }
    }

    /// What AWS tells of an option, as far as the stack says it, and what differs from the defaults.
    pub(super) fn seen(it: &sdk::Option, said: &[Said]) -> Choice {
        let said = said.iter().find(|said| it.option_name() == Some(said.name.as_str()));
        let named = |name: &str| said.is_some_and(|it| it.settings.iter().any(|it| it == name));
        let set = |it: &&sdk::OptionSetting| {
            named(it.name().unwrap_or_default())
                || it.value().unwrap_or_default() != it.default_value().unwrap_or_default()
        };
        let setting = |it: &sdk::OptionSetting| Setting {
            name: it.name().unwrap_or_default().to_owned(),
            value: it.value().unwrap_or_default().to_owned(),
        };
        let (old, new) = (it.db_security_group_memberships(), it.vpc_security_group_memberships());
        let old = old.iter().filter_map(|it| it.db_security_group_name.clone());
        let new = new.iter().filter_map(|it| it.vpc_security_group_id.clone());
        Choice {
            option_name: seen(it.option_name.clone()),
            port: Some(seen(it.port.filter(|_| said.is_some_and(|it| it.port)))),
            version: it.option_version.clone().filter(|_| said.is_some_and(|it| it.version)),
            db_security_group_memberships: groups(old),
            vpc_security_group_memberships: groups(new),
            option_settings: it.option_settings().iter().filter(set).map(setting).collect(),
        }
    }

    /// What is hidden is as it was said.
    pub(super) fn unhide(&mut self, kept: &Choice) {
        for it in self.option_settings.0.iter_mut().filter(|it| it.value == HIDDEN) {
            if let Some(kept) = kept.option_settings.iter().find(|one| one.name == it.name) {
                it.value = kept.value.clone();
            }
        }
    }

    fn sent(&self) -> sdk::OptionConfiguration {
        let setting = |it: &Setting| sdk::OptionSetting::builder().name(&it.name).value(&it.value).build();
        let settings: Vec<_> = self.option_settings.iter().map(setting).collect();
        sdk::OptionConfiguration::builder()
            .option_name(&self.option_name)
            .set_port(given(&self.port))
            .set_option_version(given(&self.version))
            .set_db_security_group_memberships(listed(of(&self.db_security_group_memberships)))
            .set_vpc_security_group_memberships(listed(of(&self.vpc_security_group_memberships)))
            .set_option_settings(Some(settings).filter(|it| !it.is_empty()))
            .build()
    }

    /// Absent and empty are the same.
    fn same(&self, other: &Choice) -> bool {
        let groups = |it: &Choice| {
            let all = [&it.db_security_group_memberships, &it.vpc_security_group_memberships];
            all.map(|it| it.clone().unwrap_or_default())
        };
        let version = |it: &Choice| it.version.clone().unwrap_or_default();
        self.option_name == other.option_name
            && self.port.unwrap_or_default() == other.port.unwrap_or_default()
            && version(self) == version(other)
            && groups(self) == groups(other)
            && self.option_settings == other.option_settings
    }
}

fn groups(all: impl Iterator<Item = String>) -> Option<Set<String>> {
    Some(all.collect()).filter(|it: &Set<String>| !it.is_empty())
}

fn of(groups: &Option<Set<String>>) -> &[String] {
    groups.as_ref().map(|it| it.0.as_slice()).unwrap_or_default()
}

/// Options to add or to change, and the names of those to remove.
pub(super) fn change(
    wanted: &Set<Choice>,
    was: &Set<Choice>,
) -> (Vec<sdk::OptionConfiguration>, Vec<String>) {
    let open = |it: &&Choice| !was.iter().any(|was| was.same(it));
    let include = wanted.iter().filter(open).map(Choice::sent).collect();
    let gone = |was: &&Choice| !wanted.iter().any(|it| it.option_name == was.option_name);
    (include, was.iter().filter(gone).map(|it| it.option_name.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(name: &str, settings: &[(&str, &str)]) -> Choice {
        let setting = |it: &(&str, &str)| Setting { name: it.0.into(), value: it.1.into() };
        let option_settings = settings.iter().map(setting).collect();
        Choice { option_name: name.into(), option_settings, ..Choice::default() }
    }

    fn answer() -> sdk::Option {
        let setting = |name: &str, value: &str, usual: &str| {
            sdk::OptionSetting::builder().name(name).value(value).default_value(usual).build()
        };
        let it = sdk::Option::builder().option_name("A").port(11211).option_version("1.0");
        let it = it.option_settings(setting("usual", "1", "1")).option_settings(setting("other", "2", "1"));
        it.option_settings(setting("password", HIDDEN, "")).build()
    }

    #[test]
    fn what_nobody_says_is_not_told() {
        let mut it = Choice::seen(&answer(), &[]);
        assert_eq!((it.port, &it.version), (Some(0), &None));
        assert_eq!(it.option_settings, choice("A", &[("password", HIDDEN), ("other", "2")]).option_settings);
        it.unhide(&choice("A", &[("password", "secret")]));
        let shown = choice("A", &[("password", "secret"), ("other", "2")]);
        assert_eq!(it.option_settings, shown.option_settings);

        let said = Choice { port: Some(1), version: Some("0.9".into()), ..choice("A", &[("usual", "1")]) };
        let it = Choice::seen(&answer(), &[said.said()]);
        assert_eq!((it.port, it.version.as_deref()), (Some(11211), Some("1.0")));
        assert_eq!(it.option_settings.len(), 3);
    }

    #[test]
    fn only_what_changes_is_sent() {
        let was = Set(vec![choice("A", &[("x", "1"), ("y", "1")]), choice("B", &[]), choice("C", &[])]);
        let same = Choice { version: Some(String::new()), ..choice("A", &[("y", "1"), ("x", "1")]) };
        let (include, remove) = change(&Set(vec![same, choice("B", &[("x", "1")])]), &was);
        assert_eq!(include.iter().filter_map(|it| it.option_name()).collect::<Vec<_>>(), ["B"]);
        assert_eq!(remove, ["C"]);
    }
}
