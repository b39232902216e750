//! `tags` and `tags_all`: the provider's default and ignored tags, written once for all types.

use std::collections::BTreeMap;

use crate::aws::tags::MARK;
use crate::lang::value::Map;
use crate::lang::{Kind, Type, Value};
use crate::plan::diff::is_nothing;
use crate::resource::Tags;

/// What a provider configuration says about tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagRules {
    pub default: Tags,
    ignore_keys: Vec<String>,
    ignore_prefixes: Vec<String>,
}

/// Variables of the environment that say more, as Terraform's provider has them: a default tag each, and lists of keys
/// with commas between them.
const DEFAULT: &str = "TF_AWS_DEFAULT_TAGS_";
const KEYS: &str = "TF_AWS_IGNORE_TAGS_KEYS";
const PREFIXES: &str = "TF_AWS_IGNORE_TAGS_KEY_PREFIXES";

impl TagRules {
    /// What the configuration says of a default tag wins over the environment; what both leave to others is added up.
    pub fn parse(settings: &Value, environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut rules = Self::configured(settings);
        for (name, value) in environment {
            let listed = || value.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
            match (name.as_str(), name.strip_prefix(DEFAULT)) {
                (_, Some(key)) if !key.is_empty() => {
                    rules.default.entry(key.to_owned()).or_insert(value);
                }
                (KEYS, _) => rules.ignore_keys.extend(listed()),
                (PREFIXES, _) => rules.ignore_prefixes.extend(listed()),
                _ => {}
            }
        }
        rules
    }

    fn configured(settings: &Value) -> Self {
        let block = |name: &str| {
            let it = settings.get(name).filter(|it| !is_nothing(it));
            it.map(|it| it.as_items().and_then(|all| all.first()).unwrap_or(it).clone())
        };
        let texts = |name: &str| -> Vec<String> {
            let ignore = block("ignore_tags");
            let all = ignore.as_ref().and_then(|it| it.get(name));
            all.into_iter().flat_map(Value::children).filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let default = block("default_tags").and_then(|it| it.get("tags").map(known)).unwrap_or_default();
        TagRules { default, ignore_keys: texts("keys"), ignore_prefixes: texts("key_prefixes") }
    }

    /// Whether the provider configuration leaves this tag to others.
    pub fn ignored(&self, key: &str) -> bool {
        key.starts_with("aws:") || key == MARK || self.left(key)
    }

    /// Whether `ignore_tags` names it.
    fn left(&self, key: &str) -> bool {
        self.ignore_keys.iter().any(|it| it == key)
            || self.ignore_prefixes.iter().any(|it| key.starts_with(it))
    }

    /// What a new object is given: all that is planned, and what is written down although it is left to others.
    pub fn first(&self, planned: &Value) -> Tags {
        let Some(all) = planned.get("tags_all").map(known) else { return Tags::default() };
        let own = planned.get("tags").map(known).unwrap_or_default();
        let left = self.default.clone().into_iter().chain(own).filter(|it| self.left(&it.0));
        left.chain(all).collect()
    }

    /// `tags_all` for planned `tags`: the default tags beneath them, without what is left to others.
    pub fn all(&self, tags: &Value) -> Value {
        let ty = Type::map(Type::String);
        let mut out: Map = self.default.iter().map(|(k, v)| (k.as_str().into(), v.as_str().into())).collect();
        match &tags.kind {
            Kind::Unknown(_) => return Value::unknown(ty),
            Kind::Map(_, own) => out.extend(own.iter().map(|(k, v)| (k.clone(), v.clone()))),
            _ => {}
        }
        out.retain(|key, _| !self.left(key));
        Value::map(Type::String, out)
    }

    /// What AWS reports as `tags` and `tags_all`. A default tag, now or when `all` (the `tags_all`
    /// planned or in the state) was written, counts as the stack's own only where `own` (its `tags`)
    /// says it too.
    pub fn split(&self, live: &Tags, own: &Value, all: &Value) -> (Value, Value) {
        let seen: Tags =
            live.iter().filter(|it| !self.ignored(it.0)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let beneath = |key: &str, value: &str| {
            let known = |it: Option<&str>| it == Some(value);
            let default = known(self.default.get(key).map(String::as_str))
                || known(all.get(key).and_then(Value::as_str));
            default && own.get(key).is_none()
        };
        let mine = seen.iter().filter(|it| !beneath(it.0, it.1));
        let tags = Value::map(Type::String, mine.map(|(k, v)| (k.as_str(), v.as_str().into())));
        let tags = if is_nothing(&tags) && own.is_null() { own.clone() } else { tags };
        (tags, Value::map(Type::String, seen.iter().map(|(k, v)| (k.as_str(), v.as_str().into()))))
    }

    /// Calls to make for tags to become `wanted`: what to set and what to remove.
    pub fn change(&self, was: &Value, wanted: &Value) -> (Tags, Vec<String>) {
        let (was, wanted) = (known(was), known(wanted));
        let set = wanted.iter().filter(|(k, v)| was.get(*k) != Some(v)).map(|(k, v)| (k.clone(), v.clone()));
        let unset = was.keys().filter(|it| !wanted.contains_key(*it) && !self.ignored(it)).cloned();
        (set.collect(), unset.collect())
    }
}

/// The known texts of a map.
pub fn known(value: &Value) -> Tags {
    let fields = value.as_fields().into_iter().flatten();
    fields.filter_map(|(k, v)| Some((k.to_string(), v.as_str()?.to_owned()))).collect::<BTreeMap<_, _>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_are_left_to_others_are_given_once() {
        let all = |texts: &[(&str, &str)]| {
            Value::map(Type::String, texts.iter().map(|(k, v)| (*k, Value::from(*v))).collect::<Vec<_>>())
        };
        let rules = TagRules { ignore_prefixes: vec!["kubernetes.io/".to_owned()], ..TagRules::default() };
        let tags = all(&[("Name", "a"), ("kubernetes.io/role/elb", "1")]);
        let planned = rules.all(&tags);
        assert_eq!(planned, all(&[("Name", "a")]));
        let planned = Value::object([("tags", tags.clone()), ("tags_all", planned)]);
        assert_eq!(rules.first(&planned), known(&tags));
        assert_eq!(rules.first(&Value::object([("id", "x".into())])), Tags::default());
    }

    #[test]
    fn the_environment_adds_tags_and_changes_none() {
        let object = |name: &str, it: Value| Value::object([(name, it)]);
        let texts = Value::map(Type::String, [("Owner", Value::from("shop"))]);
        let keys = Value::list(Type::String, vec!["LastScan".into()]);
        let settings =
            Value::object([("default_tags", object("tags", texts)), ("ignore_tags", object("keys", keys))]);
        let variables = [
            ("TF_AWS_DEFAULT_TAGS_Owner", "someone"),
            ("TF_AWS_DEFAULT_TAGS_cost-centre", "12"),
            ("TF_AWS_DEFAULT_TAGS_", "none"),
            ("TF_AWS_IGNORE_TAGS_KEYS", "Patched, Scanned,"),
            ("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "audit/"),
            ("HOME", "/root"),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let rules = TagRules::parse(&settings, environment);
        let wanted = [("Owner", "shop"), ("cost-centre", "12")];
        assert_eq!(rules.default, wanted.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
        assert_eq!(rules.ignore_keys, ["LastScan", "Patched", "Scanned"]);
        assert_eq!(rules.ignore_prefixes, ["audit/"]);
    }
}
