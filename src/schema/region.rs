//! `region`, which a stack may give to any resource and data source of AWS that has a place: it picks
//! another region of the same provider configuration. Written once, beside the types' own attributes.

use serde_json::Value as Json;

use super::{Attribute, Block, Check, Form, Schema, conform};
use crate::lang::{Kind, Type, Value};

pub const NAME: &str = "region";

/// Services that are in no region, by how the names of their types begin.
const GLOBAL: &[&str] = &[
    "aws_account_",
    "aws_billing_",
    "aws_budgets_",
    "aws_ce_",
    "aws_cloudfront_",
    "aws_cur_",
    "aws_globalaccelerator_",
    "aws_iam_",
    "aws_organizations_",
    "aws_route53_",
    "aws_savingsplans_",
    "aws_shield_",
    "aws_waf_",
];

/// Types in no region whose service has others that are, and data sources that ask nobody.
const NOWHERE: &[&str] = &[
    "aws_arn",
    "aws_caller_identity",
    "aws_default_tags",
    "aws_ip_ranges",
    "aws_partition",
    "aws_regions",
    "aws_service",
];

/// Of a global service all the same in a region.
const SOMEWHERE: &[&str] = &["aws_cloudfront_log_", "aws_route53_resolver_"];

/// Types that have a `region` of their own which means something else.
const OTHERWISE: &[&str] =
    &["aws_elb_service_account", "aws_service_principal", "aws_vpc_peering_connection"];

/// Types that say in an attribute of theirs where they are.
const OWN: &[&str] = &["aws_s3_bucket"];

/// Whether `region` picks the region of a type's objects.
pub fn applies(kind: &str) -> bool {
    let begins = |all: &[&str]| all.iter().any(|it| kind.starts_with(it));
    let nowhere = NOWHERE.contains(&kind) || begins(GLOBAL) && !begins(SOMEWHERE);
    kind.starts_with("aws_") && !nowhere && !OTHERWISE.contains(&kind)
}

/// Whether `region` stands beside what the type itself says.
pub fn is_added(kind: &str) -> bool {
    applies(kind) && !OWN.contains(&kind)
}

/// The type's schema with `region`.
pub(super) fn add(kind: &str, schema: &mut Schema) {
    if !applies(kind) {
        return;
    }
    let doc = "The region to use instead of the provider configuration's: a change replaces the resource.";
    let it = schema.block.attributes.entry(NAME.to_owned()).or_insert_with(|| Attribute {
        ty: Type::String,
        doc: doc.to_owned(),
        required: false,
        optional: true,
        computed: false,
        sensitive: false,
        fixed: true,
        local: true,
        write_only: false,
        default: None,
        form: Form::Plain,
        checks: Vec::new(),
        of: None,
    });
    (it.optional, it.fixed) = (true, true);
    it.checks = vec![Check::Pattern("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$".to_owned())];
}

/// The region that an object's attributes name.
pub fn of<'a>(kind: &str, attributes: &'a Json) -> Option<&'a str> {
    let region = attributes.get(NAME).filter(|_| applies(kind))?;
    region.as_str().filter(|it| !it.is_empty())
}

/// The same of a value.
pub fn named<'a>(kind: &str, object: &'a Value) -> Option<&'a str> {
    object.get(NAME).filter(|_| applies(kind)).and_then(Value::as_str).filter(|it| !it.is_empty())
}

/// Without a region that is the provider configuration's own: naming that one says nothing.
pub fn settled(kind: &str, object: Value, home: Option<&str>) -> Value {
    let named = object.get(NAME).and_then(Value::as_str);
    if !is_added(kind) || named.is_none() || named != home {
        return object;
    }
    let Kind::Object(fields) = &object.kind else { return object };
    let mut fields = (**fields).clone();
    fields.insert(NAME.into(), Value::null(Type::String));
    Value::object(fields).marked(object.marks)
}

/// An object as the state keeps it: a region that was not asked for is not there at all, so that the
/// state is the same as without any.
pub fn attributes(kind: &str, object: &Value, block: &Block) -> Json {
    let mut json = conform::to_state(object, block);
    if let Some(fields) = json.as_object_mut()
        && is_added(kind)
        && fields.get(NAME).is_some_and(Json::is_null)
    {
        fields.shift_remove(NAME);
    }
    json
}

/// An id to import with the region behind it: `vpc-1@us-east-1`.
pub fn of_id<'a>(kind: &str, id: &'a str) -> Option<(&'a str, &'a str)> {
    let (id, region) = id.rsplit_once('@').filter(|_| applies(kind))?;
    let mut parts = region.split('-');
    let letters = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    let number =
        parts.next_back().is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    (number && parts.clone().count() >= 2 && parts.all(letters)).then_some((id, region))
}

/// Notes where an object is, as a stack that asks for it would.
pub fn note(kind: &str, attributes: &mut Json, region: Option<&str>) {
    if let (Some(fields), Some(region)) = (attributes.as_object_mut(), region)
        && is_added(kind)
    {
        fields.insert(NAME.to_owned(), region.into());
    }
}

/// The attributes that the type itself knows.
pub fn without(kind: &str, mut attributes: Json) -> Json {
    if let Some(fields) = attributes.as_object_mut()
        && is_added(kind)
    {
        fields.shift_remove(NAME);
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_somewhere_has_a_region() {
        for it in ["aws_vpc", "aws_s3_bucket", "aws_route53_resolver_rule", "aws_region", "aws_wafv2_web_acl"]
        {
            assert!(applies(it), "{it}");
        }
        for it in ["aws_iam_role", "aws_route53_zone", "aws_caller_identity", "random_id", "terraform_data"] {
            assert!(!applies(it), "{it}");
        }
    }

    #[test]
    fn an_id_may_say_where() {
        assert_eq!(of_id("aws_vpc", "vpc-1@us-gov-west-1"), Some(("vpc-1", "us-gov-west-1")));
        for id in ["vpc-1", "me@example.com", "a@west-1", "a@eu-west-"] {
            assert_eq!(of_id("aws_vpc", id), None, "{id}");
        }
        assert_eq!(of_id("aws_iam_role", "r@us-east-1"), None);
    }

    #[test]
    fn a_region_that_is_home_is_not_kept() {
        let object = |region: Value| Value::object([("id", "x".into()), (NAME, region)]);
        let away = settled("aws_vpc", object("us-east-1".into()), Some("eu-west-1"));
        assert_eq!(of("aws_vpc", &attributes("aws_vpc", &away, &Block::default())), Some("us-east-1"));
        let home = settled("aws_vpc", object("us-east-1".into()), Some("us-east-1"));
        assert_eq!(attributes("aws_vpc", &home, &Block::default()).to_string(), r#"{"id":"x"}"#);
        let bucket = settled("aws_s3_bucket", object("us-east-1".into()), Some("us-east-1"));
        assert_eq!(
            of("aws_s3_bucket", &attributes("aws_s3_bucket", &bucket, &Block::default())),
            Some("us-east-1")
        );
        assert_eq!(of("aws_iam_role", &attributes("aws_iam_role", &away, &Block::default())), None);
    }
}
