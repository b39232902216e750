//! Parameters of a group, be it one for instances or one for clusters: which there are, which change, and in
//! which calls.

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::pages::there;
use crate::aws::shape::{seen, sent};
use crate::resource::Set;

/// A group, and the parameters that the state has: one that is set to what is the engine's default anyway
/// does not count as set by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The group's name.
    pub(super) id: String,
    parameters: Vec<String>,
}

impl Key {
    pub(super) fn new(id: &str, parameters: &[Parameter]) -> Key {
        let mut parameters: Vec<_> = parameters.iter().map(|it| it.name.to_lowercase()).collect();
        parameters.sort();
        Key { id: id.to_owned(), parameters }
    }

    fn names(&self, it: &sdk::Parameter) -> bool {
        it.parameter_name().is_some_and(|it| self.parameters.iter().any(|name| name.eq_ignore_ascii_case(it)))
    }

    /// What the group's parameters are: those that somebody has set, and those that the state names. The
    /// group's hundreds of others are looked through only where one of these is not among the set ones.
    /// `listed` asks for all of them, or for those of one source. `None` where there is no such group.
    pub(super) async fn parameters(
        &self,
        listed: impl AsyncFn(Option<&str>) -> Result<Vec<sdk::Parameter>>,
    ) -> Result<Option<Set<Parameter>>> {
        let Some(mut set) = there(listed(Some("user")).await)? else { return Ok(None) };
        if set.iter().filter(|it| self.names(it)).count() < self.parameters.len() {
            let Some(all) = there(listed(None).await)? else { return Ok(None) };
            let known = |it: &sdk::Parameter| set.iter().any(|set| set.parameter_name == it.parameter_name);
            let more: Vec<_> = all.into_iter().filter(|it| self.names(it) && !known(it)).collect();
            set.extend(more);
        }
        Ok(Some(set.into_iter().filter_map(Parameter::seen).collect()))
    }
}

/// The most that one call takes.
pub const AT_ONCE: usize = 20;

/// Sets one parameter of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    #[schemars(extend("format" = "caseless"))]
    pub name: String,
    /// Its value.
    pub value: String,
    /// `immediate`, or `pending-reboot` for parameters that take effect with the next reboot only.
    #[serde(default = "immediate")]
    #[schemars(extend("enum" = ["immediate", "pending-reboot"], "format" = "caseless"))]
    pub apply_method: String,
}

fn immediate() -> String {
    "immediate".into()
}

impl Parameter {
    /// Of this name, whatever the case of its letters.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The state's names and methods are in small letters, as the provider's are.
    fn seen(it: sdk::Parameter) -> Option<Self> {
        let apply_method: String = seen(it.apply_method);
        Some(Parameter {
            name: it.parameter_name?.to_lowercase(),
            value: it.parameter_value?,
            apply_method: apply_method.to_lowercase(),
        })
    }

    fn same(&self, other: &Self) -> bool {
        let method = self.apply_method.eq_ignore_ascii_case(&other.apply_method);
        self.is(&other.name) && self.value == other.value && method
    }

    fn sent(&self) -> sdk::Parameter {
        let method = self.apply_method.to_lowercase();
        let it = sdk::Parameter::builder().set_parameter_name(sent(&self.name));
        it.set_parameter_value(sent(&self.value)).set_apply_method(sent(&method)).build()
    }
}

/// Parameters that AWS takes only together.
const TOGETHER: [&[&str]; 6] = [
    &["collation_server", "character_set_server"],
    &["gtid-mode", "enforce_gtid_consistency"],
    &["password_encryption", "rds.accepted_password_auth_method"],
    &["ssl_max_protocol_version", "ssl_min_protocol_version"],
    &["rds.change_data_capture_streaming", "binlog_format"],
    &["aurora_enhanced_binlog", "binlog_backup", "binlog_replication_globaldb"],
];

/// What to set, a call's worth at a time: what belongs together first, what waits for a reboot last.
pub fn to_set(wanted: &Set<Parameter>, was: &Set<Parameter>) -> Vec<Vec<sdk::Parameter>> {
    let open = |it: &&Parameter| !was.iter().any(|was| it.same(was));
    let mut groups: Vec<Vec<&Parameter>> = vec![Vec::new(); TOGETHER.len() + 2];
    for it in wanted.iter().filter(open) {
        let together = TOGETHER.iter().position(|names| names.iter().any(|name| it.is(name)));
        let later = usize::from(it.apply_method.eq_ignore_ascii_case("pending-reboot"));
        groups[together.unwrap_or(TOGETHER.len() + later)].push(it);
    }
    groups.iter().flat_map(|it| calls(it)).collect()
}

/// What to give its default again.
pub fn to_reset(wanted: &Set<Parameter>, was: &Set<Parameter>) -> Vec<Vec<sdk::Parameter>> {
    let gone = |was: &&Parameter| !wanted.iter().any(|it| it.is(&was.name));
    calls(&was.iter().filter(gone).collect::<Vec<_>>())
}

fn calls(all: &[&Parameter]) -> Vec<Vec<sdk::Parameter>> {
    all.chunks(AT_ONCE).map(|some| some.iter().map(|it| it.sent()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, value: &str, method: &str) -> Parameter {
        Parameter { name: name.into(), value: value.into(), apply_method: method.into() }
    }

    fn names(calls: &[Vec<sdk::Parameter>]) -> Vec<Vec<&str>> {
        calls.iter().map(|it| it.iter().filter_map(|it| it.parameter_name()).collect()).collect()
    }

    #[test]
    fn a_call_takes_twenty_and_what_belongs_together_stays_together() {
        let mut all: Vec<_> = (0..21).map(|it| parameter(&format!("p{it}"), "1", "immediate")).collect();
        all.insert(0, parameter("late", "1", "pending-reboot"));
        all.push(parameter("character_set_server", "utf8", "immediate"));
        all.insert(3, parameter("collation_server", "utf8_bin", "pending-reboot"));
        let calls = to_set(&Set(all), &Set::default());
        let names = names(&calls);
        assert_eq!(names[0], ["collation_server", "character_set_server"]);
        assert_eq!((names[1].len(), &names[2][..], &names[3][..]), (20, &["p20"][..], &["late"][..]));
    }

    #[test]
    fn only_what_changes_is_set_and_what_goes_is_reset() {
        let was = Set(vec![parameter("a", "1", "immediate"), parameter("B", "1", "immediate")]);
        let wanted = Set(vec![parameter("A", "1", "immediate"), parameter("c", "1", "immediate")]);
        assert_eq!(names(&to_set(&wanted, &was)), [["c"]]);
        assert_eq!(names(&to_reset(&wanted, &was)), [["B"]]);
        let later = Set(vec![parameter("a", "1", "pending-reboot"), parameter("b", "2", "immediate")]);
        assert_eq!(names(&to_set(&later, &was)), [vec!["b"], vec!["a"]]);
        assert!(to_reset(&later, &was).is_empty());
    }
}
