//! What a plan says of a certificate beyond its attributes' types.

use std::collections::BTreeSet;

use crate::lang::value::Map;
use crate::lang::{Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};

use super::renewal;

/// What only a requested certificate has, and what only one's own has.
const REQUESTED: [&str; 4] =
    ["domain_name", "subject_alternative_names", "key_algorithm", "validation_option"];
const OWN: [&str; 3] = ["certificate_body", "certificate_chain", "private_key"];

pub fn settle(plan: &mut Adjust) {
    check(plan);
    options(plan);
    names(plan);
    renew(plan);
}

fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| it.is_unknown() || !is_nothing(it))
}

fn check(plan: &mut Adjust) {
    let own = OWN.into_iter().find(|it| says(plan, it));
    let others = ["certificate_authority_arn", "validation_method", "early_renewal_duration"];
    let sure = |plan: &Adjust, it: &str| says(plan, it) && plan.config(it).is_some_and(|it| !it.is_unknown());
    if let Some(own) = own.filter(|it| sure(plan, it)) {
        for it in REQUESTED.into_iter().chain(others) {
            if sure(plan, it) {
                let text = format!(
                    "`{it}` cannot stand beside `{own}`: AWS issues a certificate, or you bring your own"
                );
                plan.error(it, text);
            }
        }
        if !says(plan, "private_key") {
            plan.error(own, format!("`{own}` needs `private_key` beside it"));
        } else if !says(plan, "certificate_body") {
            plan.error("private_key", "`private_key` needs `certificate_body` beside it");
        }
    }
    if own.is_none() && !says(plan, "domain_name") {
        plan.error(
            "domain_name",
            "say `domain_name` for a new certificate, or `certificate_body` and `private_key` of your own",
        );
    }
    let (authority, method) = (says(plan, "certificate_authority_arn"), says(plan, "validation_method"));
    if sure(plan, "domain_name") && !authority && !method {
        plan.error("domain_name", "say how to prove that the domain is yours: `validation_method = \"DNS\"`");
    }
    if sure(plan, "certificate_authority_arn") && sure(plan, "validation_method") {
        plan.error(
            "validation_method",
            "a private authority asks for no proof: leave `validation_method` out",
        );
    }
    if sure(plan, "early_renewal_duration") {
        if method {
            plan.error(
                "early_renewal_duration",
                "AWS itself renews what Amazon issues: leave `early_renewal_duration` out",
            );
        }
        let text =
            plan.config("early_renewal_duration").and_then(Value::as_str).unwrap_or_default().to_owned();
        if renewal::length(&text).is_none() {
            plan.error(
                "early_renewal_duration",
                format!("`{text}` is no length of time: write one such as `P90D` or `2160h`"),
            );
        }
    }
}

/// AWS shows options where the stack has none; those of one's own certificate are not the stack's to set.
fn options(plan: &mut Adjust) {
    let Some(was) = plan.was.as_ref().and_then(|it| it.get("options")).cloned() else { return };
    if !says(plan, "options") || says(plan, "private_key") {
        plan.set("options", was);
    }
}

/// AWS adds the first name to the others, and each has its proof. Its record is known later.
fn names(plan: &mut Adjust) {
    let Some(domain) = plan.will("domain_name").filter(|it| it.as_str().is_some_and(|it| !it.is_empty()))
    else {
        return;
    };
    let domain = domain.clone();
    let configured = plan.config("subject_alternative_names").cloned();
    let others = match (&configured, plan.was.is_some()) {
        (Some(it), _) if !it.wholly_known() => return,
        (Some(it), _) => it.as_items().unwrap_or_default().to_vec(),
        (None, true) => return,
        (None, false) => Vec::new(),
    };
    let mut all: Vec<Value> = vec![domain.clone()];
    all.extend(others.into_iter().filter(|it| it.as_str() != domain.as_str()));
    let texts =
        |all: &[Value]| all.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect::<BTreeSet<_>>();
    let before = |name: &str| plan.was.as_ref().and_then(|it| it.get(name));
    let old = before("subject_alternative_names").and_then(Value::as_items);
    let same_names = old.is_some_and(|it| texts(it) == texts(&all));
    let wanted = Value::set(Type::String, all.clone());
    let same_domain = before("domain_name").is_some_and(|it| it.as_str() == domain.as_str());
    if same_names && same_domain {
        let was = before("subject_alternative_names").cloned();
        was.into_iter().for_each(|it| plan.set("subject_alternative_names", it));
        return;
    }
    plan.set("subject_alternative_names", wanted);
    if plan.will("validation_method").and_then(Value::as_str) == Some("DNS") {
        let proofs: Vec<Value> = all.iter().map(proof).collect();
        let ty = proofs[0].ty();
        plan.set("domain_validation_options", Value::set(ty, proofs));
    }
}

fn proof(domain: &Value) -> Value {
    let later = || Value::unknown(Type::String);
    let fields = [
        ("domain_name".into(), domain.clone()),
        ("resource_record_name".into(), later()),
        ("resource_record_type".into(), later()),
        ("resource_record_value".into(), later()),
    ];
    Value::object(fields.into_iter().collect::<Map>())
}

/// Whether the next change renews it.
fn renew(plan: &mut Adjust) {
    let Some(was) = plan.was.clone() else { return };
    let text = |it: Option<&Value>| it.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, new) = (text(was.get("early_renewal_duration")), text(plan.will("early_renewal_duration")));
    let eligible = text(was.get("renewal_eligibility")) == "ELIGIBLE";
    let pending = was.get("pending_renewal").and_then(Value::as_bool).unwrap_or(false);
    if old != new {
        let due = eligible && renewal::is_due(Some(&text(was.get("not_after"))), Some(&new));
        plan.set("pending_renewal", due.into());
    } else if pending {
        plan.set_unknown("pending_renewal");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::acm::certificate::Certificate;
    use crate::resource::Resource;

    fn object(json: serde_json::Value) -> Value {
        let block = &crate::kind::resource(Certificate::TYPE).expect("registered").schema().block;
        crate::schema::conform::from_state(&json, block)
    }

    fn settled(was: Option<serde_json::Value>, config: serde_json::Value) -> Adjust {
        let config = object(config);
        let mut plan = Adjust {
            was: was.map(object),
            will: config.clone(),
            config,
            replace: Vec::new(),
            errors: Vec::new(),
        };
        settle(&mut plan);
        plan
    }

    fn names(plan: &Adjust, of: &str) -> Vec<String> {
        let items = plan.will(of).and_then(Value::as_items).unwrap_or_default();
        let name = |it: &Value| it.get("domain_name").unwrap_or(it).as_str().unwrap_or_default().to_owned();
        items.iter().map(name).collect()
    }

    #[test]
    fn the_first_name_is_among_the_others_and_each_has_its_proof() {
        let json = serde_json::json!({ "domain_name": "a.example.com", "validation_method": "DNS",
            "subject_alternative_names": ["b.example.com"] });
        let plan = settled(None, json.clone());
        assert!(plan.errors.is_empty(), "{:?}", plan.errors);
        assert_eq!(names(&plan, "subject_alternative_names"), ["a.example.com", "b.example.com"]);
        assert_eq!(names(&plan, "domain_validation_options"), ["a.example.com", "b.example.com"]);
        let was = serde_json::json!({ "domain_name": "a.example.com", "validation_method": "DNS",
            "subject_alternative_names": ["b.example.com", "a.example.com"] });
        let plan = settled(Some(was), json);
        assert!(plan.change("subject_alternative_names").is_none());
    }

    #[test]
    fn a_certificate_is_requested_or_ones_own() {
        let problems = |json| settled(None, json).errors.into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(problems(serde_json::json!({})), ["domain_name"]);
        assert_eq!(problems(serde_json::json!({ "domain_name": "a.example.com" })), ["domain_name"]);
        assert_eq!(problems(serde_json::json!({ "certificate_body": "x" })), ["certificate_body"]);
        assert_eq!(problems(serde_json::json!({ "certificate_body": "x", "private_key": "y" })), [""; 0]);
        let both = serde_json::json!({ "certificate_body": "x", "private_key": "y", "domain_name": "a.example.com",
            "validation_method": "DNS" });
        assert_eq!(problems(both), ["domain_name", "validation_method"]);
        let authority = serde_json::json!({ "domain_name": "a.example.com", "early_renewal_duration": "P9",
            "certificate_authority_arn": "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/x" });
        assert_eq!(problems(authority), ["early_renewal_duration"]);
    }
}
