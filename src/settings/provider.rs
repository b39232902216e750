//! The provider block's arguments, as the Terraform provider names them.

use std::path::PathBuf;
use std::time::Duration;

use super::Fields;
use crate::aws::connect::{Role, Settings, WebIdentity};
use crate::config::Body;
use crate::diag::{Diagnostics, Place};
use crate::lang::Value;

/// Checks of the provider's that we do not make, or make where they cost nothing.
const ACCEPTED: [&str; 8] = [
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "default_tags",
    "ignore_tags",
    "alias",
    "version",
];

impl Settings {
    /// From an evaluated `[provider.aws]`. `default_tags` and `ignore_tags` are the engine's.
    pub fn provider(
        value: &Value,
        body: Option<&Body>,
        place: Option<&Place>,
    ) -> Result<Settings, Diagnostics> {
        let mut it = Fields::new("[provider.aws]", value, body, place);
        let mut out = Settings {
            path_style: it.flag("s3_use_path_style").unwrap_or_default(),
            sts_region: it.text("sts_region"),
            allowed_accounts: it.texts("allowed_account_ids"),
            forbidden_accounts: it.texts("forbidden_account_ids"),
            ..Settings::default()
        };
        out.common(&mut it);
        out.roles = it.blocks("assume_role", Role::read);
        out.endpoints = endpoints(&mut it);
        it.refuse("ec2_metadata_service_endpoint", "set AWS_EC2_METADATA_SERVICE_ENDPOINT instead");
        it.refuse("ec2_metadata_service_endpoint_mode", "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE instead");
        it.refuse("custom_ca_bundle", "add the certificate to the system's trusted ones");
        it.accept(&ACCEPTED);
        it.accept(&["token_bucket_rate_limiter_capacity", "s3_us_east_1_regional_endpoint"]);
        it.finish(out)
    }

    /// What provider and backend have in common.
    pub(crate) fn common(&mut self, it: &mut Fields) {
        let paths = |all: Vec<String>| all.into_iter().map(PathBuf::from).collect();
        self.region = it.text("region");
        self.profile = it.text("profile");
        self.access_key = it.text("access_key");
        self.secret_key = it.text("secret_key");
        self.token = it.text("token");
        if self.access_key.is_some() != self.secret_key.is_some() {
            it.wrong("access_key", "and `secret_key` belong together", "set both or none");
        }
        // Terraform counts retries and the SDK attempts, but the provider hands the number on as it is.
        self.max_attempts = it.whole("max_retries");
        self.adaptive = match it.text("retry_mode").as_deref() {
            None | Some("standard") => false,
            Some("adaptive") => true,
            Some(_) => {
                it.wrong("retry_mode", "is no known mode", "`standard` or `adaptive`");
                false
            }
        };
        self.config_files = paths(it.texts("shared_config_files"));
        self.credentials_files = paths(it.texts("shared_credentials_files"));
        self.web_identity = it.blocks("assume_role_with_web_identity", WebIdentity::read).pop();
        self.fips = it.flag("use_fips_endpoint").unwrap_or_default();
        self.dualstack = it.flag("use_dualstack_endpoint").unwrap_or_default();
        // AWS is spoken to over HTTPS, and the general one serves that too where it is alone.
        let general = it.text("http_proxy");
        self.proxy = it.text("https_proxy").or(general);
        it.refuse("no_proxy", "set NO_PROXY in the environment instead");
        it.refuse(
            "insecure",
            "certificates are always checked: add the endpoint's to the system's trusted ones",
        );
    }
}

impl Role {
    pub(crate) fn read(it: &mut Fields) -> Role {
        let role = Role {
            arn: it.text("role_arn").unwrap_or_default(),
            session_name: it.text("session_name"),
            external_id: it.text("external_id"),
            policy: it.text("policy"),
            policy_arns: it.texts("policy_arns"),
            tags: it.text_map("tags"),
            transitive_tag_keys: it.texts("transitive_tag_keys"),
            duration: duration(it),
            source_identity: it.text("source_identity"),
        };
        if role.arn.is_empty() {
            it.wrong("role_arn", "is missing", "such as \"arn:aws:iam::123456789012:role/deploy\"");
        }
        role
    }
}

impl WebIdentity {
    fn read(it: &mut Fields) -> WebIdentity {
        WebIdentity {
            role: Role {
                arn: it.text("role_arn").or_else(|| std::env::var("AWS_ROLE_ARN").ok()).unwrap_or_default(),
                session_name: it.text("session_name").or_else(|| std::env::var("AWS_ROLE_SESSION_NAME").ok()),
                policy: it.text("policy"),
                policy_arns: it.texts("policy_arns"),
                duration: duration(it),
                ..Role::default()
            },
            token: it.text("web_identity_token"),
            token_file: it
                .text("web_identity_token_file")
                .or_else(|| std::env::var("AWS_WEB_IDENTITY_TOKEN_FILE").ok())
                .map(PathBuf::from),
        }
    }
}

/// A duration such as `1h30m`, or seconds.
fn duration(it: &mut Fields) -> Option<Duration> {
    let seconds = it.whole("duration_seconds").map(|it| Duration::from_secs(it.into()));
    let text = it.text("duration")?;
    let parsed = parse_duration(&text);
    if parsed.is_none() {
        it.wrong("duration", "is no duration", "such as \"1h30m\"");
    }
    parsed.or(seconds)
}

fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut out = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest.find(|it: char| it.is_ascii_digit() || it == '.').unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        out += Duration::try_from_secs_f64(number * unit).ok()?;
        rest = &rest[end..];
    }
    (!text.is_empty()).then_some(out)
}

/// The provider's names of services whose client we call otherwise.
const ALIASES: [(&str, &str); 12] = [
    ("cloudwatchlogs", "logs"),
    ("cloudwatchlog", "logs"),
    ("resourcegroupstaggingapi", "tagging"),
    ("resourcegroupstagging", "tagging"),
    ("elasticloadbalancingv2", "elbv2"),
    ("elb", "elb"),
    ("prometheus", "amp"),
    ("eventbridge", "events"),
    ("cloudwatchevents", "events"),
    ("stepfunctions", "sfn"),
    ("secretsmanager", "secretsmanager"),
    ("cognitoidentityprovider", "cognitoidp"),
];

/// Service → address, by the names of our clients.
fn endpoints(it: &mut Fields) -> std::collections::BTreeMap<String, String> {
    let mut out = std::collections::BTreeMap::new();
    let Some(found) = it.get("endpoints") else { return out };
    // In Terraform's JSON syntax a block may be a list of tables.
    let tables: Vec<&Value> = found.as_items().map_or_else(|| vec![found], |all| all.iter().collect());
    for (name, url) in tables.iter().filter_map(|it| it.as_fields()).flatten() {
        let Some(url) = url.as_str().filter(|it| !it.is_empty()) else { continue };
        let alias = ALIASES.iter().find(|it| it.0 == &**name).map_or(&**name, |it| it.1);
        out.insert(alias.to_owned(), url.to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: Vec<(&str, Value)>) -> Result<Settings, Diagnostics> {
        Settings::provider(&Value::object(fields), None, None)
    }

    #[test]
    fn everything_that_matters_is_read() {
        let role = |arn: &str| Value::object([("role_arn", arn.into()), ("external_id", "x".into())]);
        let settings = read(vec![
            ("region", "eu-west-1".into()),
            ("assume_role", Value::tuple(vec![role("arn:a"), role("arn:b")])),
            ("endpoints", Value::object([("cloudwatchlogs", "http://l".into()), ("s3", "http://s".into())])),
            ("allowed_account_ids", Value::tuple(vec!["123456789012".into()])),
            ("max_retries", 7.into()),
            ("skip_metadata_api_check", true.into()),
            ("default_tags", Value::object([("tags", Value::object([("a", "b".into())]))])),
        ])
        .unwrap();
        assert_eq!(settings.region.as_deref(), Some("eu-west-1"));
        assert_eq!(settings.roles.iter().map(|it| &*it.arn).collect::<Vec<_>>(), ["arn:a", "arn:b"]);
        assert_eq!(settings.endpoints["logs"], "http://l");
        assert_eq!(settings.max_attempts, Some(7));
    }

    #[test]
    fn a_misspelt_setting_gets_a_suggestion() {
        let errors = read(vec![("regoin", "eu-west-1".into())]).unwrap_err();
        assert_eq!(errors.0[0].help.as_deref(), Some("did you mean `region`?"));
    }

    #[test]
    fn what_cannot_be_is_said() {
        assert!(read(vec![("region", Value::tuple(vec![]))]).is_err());
        assert!(read(vec![("access_key", "test".into())]).is_err());
        assert!(read(vec![("assume_role", Value::object([("session_name", "x".into())]))]).is_err());
        assert!(read(vec![("region", Value::unknown(crate::lang::Type::String))]).is_err());
    }

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(parse_duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse_duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(parse_duration("1x"), None);
        assert_eq!(parse_duration(""), None);
    }
}
