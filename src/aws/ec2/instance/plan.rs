//! What a plan of an instance says that its attributes alone do not.

use std::net::IpAddr;

use super::{kept, restart};
use crate::lang::{Kind, Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};
use crate::schema::digest;

/// What an interface of its own says, and one that is there already does not take.
const OF_OWN_INTERFACE: [&str; 8] = [
    "associate_public_ip_address",
    "subnet_id",
    "private_ip",
    "secondary_private_ips",
    "vpc_security_group_ids",
    "security_groups",
    "ipv6_addresses",
    "ipv6_address_count",
];

pub fn adjust(plan: &mut Adjust) {
    addresses(plan);
    plan.at_most_one(&["user_data", "user_data_base64"]);
    plan.at_most_one(&["host_resource_group_arn", "placement_group"]);
    plan.at_most_one(&["ipv6_address_count", "ipv6_addresses"]);
    plan.at_most_one_in("launch_template", &["id", "name"]);
    required(plan);
    cores(plan);
    interfaces(plan);
    volumes(plan);
    password(plan);
    replacements(plan);
    restarts(plan);
    credit(plan);
    root(plan);
    disks(plan);
    template(plan);
}

/// Whether the stack says anything there.
fn says(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| it.is_unknown() || !is_nothing(it))
}

/// Addresses that are none.
fn addresses(plan: &mut Adjust) {
    for (name, version) in
        [("private_ip", "IPv4"), ("secondary_private_ips", "IPv4"), ("ipv6_addresses", "IPv6")]
    {
        let said = plan.config(name).map(|it| it.as_items().unwrap_or(std::slice::from_ref(it)));
        let texts = said.into_iter().flatten().filter_map(Value::as_str).filter(|it| !it.is_empty());
        let wrong = texts.map(str::to_owned).find(|it| match it.parse::<IpAddr>() {
            Ok(address) => address.is_ipv4() != (version == "IPv4"),
            Err(_) => true,
        });
        if let Some(wrong) = wrong {
            plan.error(name, format!("`{name}` cannot be \"{wrong}\": it is no address of {version}"));
        }
    }
}

fn required(plan: &mut Adjust) {
    let template = says(plan, "launch_template");
    for (name, example) in [("ami", "ami-0a1b2c3d4e5f67890"), ("instance_type", "t3.micro")] {
        if !template && plan.config(name).is_none() {
            plan.error(name, format!("say `{name}`, such as `{example}`, or a `launch_template` that does"));
        }
    }
    let named = |it: &Value| ["id", "name"].iter().any(|name| it.get(name).is_some_and(|it| !it.is_null()));
    if items(plan.config("launch_template")).first().is_some_and(|it| !named(it)) {
        plan.error("launch_template", "say which template it is, by its `id` or by its `name`");
    }
}

/// The outdated ways to say how many processors there are.
fn cores(plan: &mut Adjust) {
    let options = items(plan.config("cpu_options")).first();
    let counted = options.is_some_and(|it| it.get("core_count").is_some_and(|it| !it.is_null()));
    if counted && says(plan, "cpu_core_count") {
        let text = "`cpu_core_count` cannot stand beside `cpu_options.core_count`: leave it out";
        plan.error("cpu_core_count", text);
    }
}

fn interfaces(plan: &mut Adjust) {
    if !says(plan, "network_interface") {
        return;
    }
    for name in OF_OWN_INTERFACE {
        if says(plan, name) {
            plan.error(
                name,
                format!("`{name}` cannot stand beside `network_interface`: the interface says it"),
            );
        }
    }
    // The interface's own business.
    if let Some(was) = plan.was.as_ref().and_then(|it| it.get("source_dest_check")).cloned() {
        plan.set("source_dest_check", was);
    }
}

fn password(plan: &mut Adjust) {
    if plan.config("get_password_data").and_then(Value::as_bool) == Some(true) {
        plan.error(
            "get_password_data",
            "the password of a Windows instance is not read here: leave this out, and ask for it with `aws ec2 get-password-data --instance-id … --priv-launch-key …`",
        );
    }
}

fn items(of: Option<&Value>) -> &[Value] {
    of.and_then(Value::as_items).unwrap_or_default()
}

/// What volumes cannot have.
fn volumes(plan: &mut Adjust) {
    let mut wrong = Vec::new();
    for name in ["root_block_device", "ebs_block_device"] {
        for it in items(plan.config(name)) {
            let says = |key: &str| it.get(key).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
            let kind = it.get("volume_type").and_then(Value::as_str);
            if says("tags") && says_in(plan, "volume_tags") {
                wrong.push((
                    name,
                    "labels of single volumes cannot stand beside `volume_tags`: leave one of them out"
                        .to_owned(),
                ));
            }
            let Some(kind) = kind.filter(|it| !it.is_empty()) else { continue };
            if says("iops") && !["io1", "io2", "gp3"].contains(&kind) {
                wrong.push((
                    name,
                    format!("a volume of type `{kind}` takes no `iops`: `gp3`, `io1` and `io2` do"),
                ));
            }
            if says("throughput") && kind != "gp3" {
                wrong.push((name, format!("a volume of type `{kind}` takes no `throughput`: `gp3` does")));
            }
        }
    }
    for it in items(plan.config("ephemeral_block_device")) {
        let hidden = it.get("no_device").and_then(Value::as_bool) == Some(true);
        if !hidden && it.get("virtual_name").is_some_and(is_nothing) {
            wrong.push((
                "ephemeral_block_device",
                "say `virtual_name`, such as `ephemeral0`, or `no_device = true`".to_owned(),
            ));
        }
    }
    for (name, sentence) in wrong {
        plan.error(name, sentence);
    }
}

fn says_in(plan: &Adjust, name: &str) -> bool {
    plan.config(name).is_some_and(|it| !is_nothing(it))
}

fn replacements(plan: &mut Adjust) {
    let other_data = plan.will("user_data_replace_on_change").and_then(Value::as_bool) == Some(true);
    for name in ["user_data", "user_data_base64"] {
        if other_data && changes(plan, name) {
            plan.require_replace(name);
        }
    }
    let bool_of = |it: &Value| it.as_bool() == Some(true);
    if plan.change("enable_primary_ipv6").is_some_and(|(was, will)| bool_of(was) && !bool_of(will)) {
        plan.require_replace("enable_primary_ipv6");
    }
    let kinds = plan.change("instance_type").and_then(|(was, will)| Some((was.as_str()?, will.as_str()?)));
    if kinds.is_some_and(|(was, will)| architecture(was) != architecture(will)) {
        plan.require_replace("instance_type");
    }
}

fn changes(plan: &Adjust, name: &str) -> bool {
    let same = |a: &str, b: &str| name == "user_data" && (digest::of(a) == b || digest::of(b) == a);
    plan.change(name).is_some_and(|(was, will)| {
        let same = was.as_str().zip(will.as_str()).is_some_and(|(a, b)| a == b || same(a, b));
        !(same || is_nothing(was) && is_nothing(will))
    })
}

/// What is changed while the instance is stopped: started again, it has another public address.
fn restarts(plan: &mut Adjust) {
    let stops = ["instance_type", "user_data", "user_data_base64"].iter().any(|it| changes(plan, it));
    let address = plan.was.as_ref().and_then(|it| it.get("public_ip")).and_then(Value::as_str);
    if stops && address.is_some_and(|it| !it.is_empty()) {
        plan.set_unknown("public_ip");
        plan.set_unknown("public_dns");
    }
}

/// What a type's processors understand, by its name.
fn architecture(kind: &str) -> &'static str {
    let kind = kind.strip_suffix(restart::HALFWAY).unwrap_or(kind).trim();
    let family = kind.split('.').next().unwrap_or_default();
    let letters = family.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    let behind = letters.trim_start_matches(|it: char| it.is_ascii_digit());
    match family {
        "a1" => "arm64",
        "mac1" => "x86_64_mac",
        it if it.starts_with("mac") => "arm64_mac",
        _ if letters != family && behind.starts_with('g') => "arm64",
        _ => "x86_64",
    }
}

/// Where the stack says nothing of it, AWS's choice stays.
fn credit(plan: &mut Adjust) {
    let Some(was) = plan.was.as_ref().and_then(|it| it.get("credit_specification")).cloned() else { return };
    let said = items(plan.config("credit_specification")).first();
    let silent = said.is_none_or(|it| it.get("cpu_credits").is_none_or(is_nothing));
    if silent && !items(Some(&was)).is_empty() {
        plan.set("credit_specification", was);
    }
}

/// What follows from a change of the root volume.
fn root(plan: &mut Adjust) {
    let was = items(plan.was.as_ref().and_then(|it| it.get("root_block_device"))).first().cloned();
    let will = items(plan.will("root_block_device")).first().cloned();
    let (Some(was), Some(will)) = (was, will) else { return };
    let config = items(plan.config("root_block_device")).first();
    let silent = |name: &str| config.is_none_or(|it| it.get(name).is_none_or(is_nothing));
    let differs = |name: &str| was.get(name) != will.get(name);
    let Some(mut fields) = will.as_fields().cloned() else { return };
    let mut forget = |name: &str, ty: Type| drop(fields.insert(name.into(), Value::unknown(ty)));
    // The type says how fast a volume is, and that of gp2 follows from its size.
    let of_gp2 = will.get("volume_type").and_then(Value::as_str) == Some("gp2");
    let (typed, sized) = (differs("volume_type"), of_gp2 && differs("volume_size"));
    for (name, changes) in [("iops", typed || sized), ("throughput", typed)] {
        if changes && silent(name) {
            forget(name, Type::Number);
        }
    }
    if differs("tags") || outdated(plan, &was) {
        forget("tags_all", Type::map(Type::String));
    }
    if let Some(Kind::List(of, _)) = plan.will("root_block_device").map(|it| it.kind.clone()) {
        plan.set("root_block_device", Value::list(of, vec![Value::object(fields)]));
    }
}

/// Whether a volume has a label that was one of the provider's default ones, and is no more.
fn outdated(plan: &Adjust, volume: &Value) -> bool {
    let was = |name: &str| plan.was.as_ref().and_then(|it| it.get(name)?.as_fields());
    let (Some(before), Some(after)) = (was("tags_all"), plan.will("tags_all").and_then(Value::as_fields))
    else {
        return false;
    };
    let own = |key: &str| was("tags").is_some_and(|it| it.contains_key(key));
    let on_it = |key: &str| volume.get("tags_all").and_then(|it| it.as_fields()?.get(key));
    let said = |key: &str| volume.get("tags").and_then(|it| it.as_fields()?.get(key)).is_some();
    before.iter().any(|(key, value)| {
        !own(key) && !said(key) && after.get(key) != Some(value) && on_it(key) == Some(value)
    })
}

/// A disk that gets other labels has other labels in all, too.
fn disks(plan: &mut Adjust) {
    let was = items(plan.was.as_ref().and_then(|it| it.get("ebs_block_device"))).to_vec();
    let Some(Kind::Set(of, all)) = plan.will("ebs_block_device").map(|it| it.kind.clone()) else { return };
    let each = all.iter().map(|it| {
        let device = it.get("device_name");
        let same = was.iter().find(|was| was.get("device_name") == device);
        let had = same.filter(|was| was.get("tags") != it.get("tags") || outdated(plan, was));
        match it.as_fields().filter(|_| had.is_some()) {
            Some(fields) => {
                let mut fields = fields.clone();
                fields.insert("tags_all".into(), Value::unknown(Type::map(Type::String)));
                Value::object(fields)
            }
            None => it.clone(),
        }
    });
    plan.set("ebs_block_device", Value::set(of, each.collect()));
}

/// Of a template's id and name, AWS says the one that the stack does not. Another word for the version that the
/// instance comes from is no reason for another instance.
fn template(plan: &mut Adjust) {
    let was = items(plan.was.as_ref().and_then(|it| it.get("launch_template"))).first().cloned();
    let will = items(plan.will("launch_template")).first().cloned();
    let (Some(was), Some(will)) = (was, will) else { return };
    let config = items(plan.config("launch_template")).first().cloned();
    let Some(mut fields) = will.as_fields().cloned() else { return };
    for (one, other) in [("id", "name"), ("name", "id")] {
        let silent = config.as_ref().is_none_or(|it| it.get(other).is_none_or(Value::is_null));
        if was.get(one) != will.get(one) && silent {
            fields.insert(other.into(), Value::unknown(Type::String));
        }
    }
    let version = will.get("version").and_then(Value::as_str);
    let instance = plan.was.as_ref().and_then(|it| it.get("id")).and_then(Value::as_str).unwrap_or_default();
    let same =
        was.get("version") == will.get("version") || version.is_some_and(|it| kept::comes_from(instance, it));
    if !same {
        plan.require_replace("launch_template.0.version");
    }
    if let Some(Kind::List(of, _)) = plan.will("launch_template").map(|it| it.kind.clone()) {
        plan.set("launch_template", Value::list(of, vec![Value::object(fields)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_stops_an_instance_gives_it_another_public_address() {
        let block = &crate::kind::resource("aws_instance").expect("registered").schema().block;
        let state = |kind: &str, data: &str, address: &str| {
            let json = serde_json::json!({
                "ami": "ami-1", "instance_type": kind, "user_data": data, "public_ip": address, "public_dns": ""
            });
            crate::schema::conform::from_state(&json, block)
        };
        let unknown = |was: Value, will: Value| {
            let config = will.clone();
            let mut plan = Adjust { was: Some(was), will, config, replace: Vec::new(), errors: Vec::new() };
            adjust(&mut plan);
            plan.will("public_ip").is_some_and(Value::is_unknown)
        };
        let was = state("t3.micro", "a", "192.0.2.1");
        assert!(unknown(was.clone(), state("t3.small", "a", "192.0.2.1")));
        assert!(unknown(was.clone(), state("t3.micro", "b", "192.0.2.1")));
        assert!(!unknown(was.clone(), was));
        assert!(!unknown(state("t3.micro", "a", ""), state("t3.small", "a", "")));
    }

    #[test]
    fn another_word_for_the_same_version_of_a_template_is_no_reason_for_another_instance() {
        let block = &crate::kind::resource("aws_instance").expect("registered").schema().block;
        let state = |version: &str| {
            let template = serde_json::json!([{ "id": "lt-1", "name": "web", "version": version }]);
            let json = serde_json::json!({ "id": "i-template", "launch_template": template });
            crate::schema::conform::from_state(&json, block)
        };
        let replaced = |version: &str| {
            let (was, config) = (Some(state("2")), state(version));
            let mut plan =
                Adjust { was, will: config.clone(), config, replace: Vec::new(), errors: Vec::new() };
            adjust(&mut plan);
            plan.replace
        };
        kept::remember("i-template", "2 $Latest");
        assert_eq!(replaced("$Latest"), Vec::<String>::new());
        assert_eq!(replaced("$Default"), ["launch_template.0.version"]);
        assert_eq!(replaced("3"), ["launch_template.0.version"]);
    }

    #[test]
    fn a_label_that_was_a_default_one_is_taken_from_the_disks() {
        let block = &crate::kind::resource("aws_instance").expect("registered").schema().block;
        let state = |stage: &str| {
            let json = serde_json::json!({
                "ami": "ami-1", "instance_type": "t3.micro", "tags": { "Name": "a" },
                "tags_all": { "Name": "a", "Stage": stage },
                "root_block_device": [{ "tags": { "Name": "r" }, "tags_all": { "Name": "r", "Stage": "dev" } }],
            });
            crate::schema::conform::from_state(&json, block)
        };
        let unknown = |was: &str, will: &str| {
            let (was, config) = (Some(state(was)), state(will));
            let mut plan =
                Adjust { was, will: config.clone(), config, replace: Vec::new(), errors: Vec::new() };
            adjust(&mut plan);
            items(plan.will("root_block_device"))
                .first()
                .and_then(|it| it.get("tags_all"))
                .is_some_and(Value::is_unknown)
        };
        assert!(unknown("dev", "prod"));
        assert!(!unknown("dev", "dev"));
        assert!(!unknown("prod", "other"));
    }

    #[test]
    fn a_type_tells_what_its_processors_understand() {
        for it in ["m6g.large", "t4g.nano", "c7gn.xlarge", "a1.medium", "g5g.xlarge", "im4gn.large"] {
            assert_eq!(architecture(it), "arm64", "{it}");
        }
        for it in [
            "m6i.large",
            "t3.nano",
            "g4dn.xlarge",
            "p4d.24xlarge",
            "u-6tb1.metal",
            "t3.nano (stopped for a change)",
        ] {
            assert_eq!(architecture(it), "x86_64", "{it}");
        }
        assert_eq!(architecture("mac2.metal"), "arm64_mac");
    }
}
