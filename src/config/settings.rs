//! Settings of backends and providers: which there are, and their values.

use super::scope::Scope;
use super::{Body, Stack};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::{Env, Type, Value};

/// What `[backend.s3]` takes.
pub const BACKEND_S3: &[&str] = &[
    "access_key",
    "acl",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "bucket",
    "custom_ca_bundle",
    "dynamodb_endpoint",
    "dynamodb_table",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "encrypt",
    "endpoint",
    "endpoints",
    "forbidden_account_ids",
    "force_path_style",
    "http_proxy",
    "https_proxy",
    "iam_endpoint",
    "insecure",
    "key",
    "kms_key_id",
    "max_retries",
    "no_proxy",
    "profile",
    "region",
    "retry_mode",
    "secret_key",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "skip_s3_checksum",
    "sse_customer_key",
    "sts_endpoint",
    "sts_region",
    "token",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "use_lockfile",
    "use_path_style",
    "workspace_key_prefix",
];

/// What `[backend.local]` takes.
pub const BACKEND_LOCAL: &[&str] = &["path", "workspace_dir"];

/// What `[provider.aws]` takes, besides `alias`.
pub const PROVIDER_AWS: &[&str] = &[
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "custom_ca_bundle",
    "default_tags",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "endpoints",
    "forbidden_account_ids",
    "http_proxy",
    "https_proxy",
    "ignore_tags",
    "insecure",
    "max_retries",
    "no_proxy",
    "profile",
    "region",
    "retry_mode",
    "s3_us_east_1_regional_endpoint",
    "s3_use_path_style",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "sts_region",
    "token",
    "token_bucket_rate_limiter_capacity",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// Settings that are none of `known` are errors.
pub(super) fn check_names(body: &Body, known: &[&str], what: &str, errors: &mut Diagnostics) {
    for it in body.0.iter().filter(|it| !known.contains(&&*it.name)) {
        let error = Diagnostic::error(format!("`{what}` takes no `{}`", it.name)).at(&it.place);
        errors.0.push(error.maybe_help(did_you_mean(&it.name, known.iter().copied())));
    }
}

/// What settings can see: variables, the stack's name, the environment. Providers see local values
/// too: add them with [`Scope::with`].
pub fn scope(what: &str, variables: &Value, stack: &Stack, env: &str) -> Scope {
    let name = stack.name.as_deref().map_or_else(|| Value::null(Type::String), Value::from);
    Scope::nothing(what)
        .with("var", variables.clone())
        .with("stack", Value::object([("name", name)]))
        .with("terraform", Value::object([("workspace", env.into())]))
        .with("infra", Value::object([("env", env.into())]))
}

/// Every setting's value, as an object. All that is wrong is reported.
pub fn evaluate(body: &Body, env: &dyn Env) -> Result<Value, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut fields = Vec::new();
    for it in &body.0 {
        if let Some(value) = errors.take(it.value.eval(env)) {
            fields.push((it.name.clone(), value));
        }
    }
    errors.check(Value::object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{good, told};

    #[test]
    fn settings_see_variables_and_names() {
        let config = good(
            "[stack]\nname = \"shop\"\n[backend.s3]\nkey = \"${stack.name}/${terraform.workspace}/${infra.env}\"\n\
             bucket = \"${var.bucket}\"\nassume_role = { role_arn = \"x\" }\n",
        );
        let variables = Value::object([("bucket", Value::from("b"))]);
        let scope = scope("the backend", &variables, &config.stack, "dev");
        let body = config.backend.map(|it| it.settings).unwrap_or_default();
        let value = evaluate(&body, &scope).unwrap_or_else(|it| panic!("{:?}", told(&it)));
        let wanted = r#"{"assume_role":{"role_arn":"x"},"bucket":"b","key":"shop/dev/dev"}"#;
        assert_eq!(value.to_json().to_string(), wanted);
    }

    #[test]
    fn all_that_is_wrong_is_told() {
        let config = good("[backend.s3]\nkey = \"${local.x}\"\nbucket = \"${var.buket}\"\n");
        let variables = Value::object([("bucket", Value::from("b"))]);
        let body = config.backend.map(|it| it.settings).unwrap_or_default();
        let errors = evaluate(&body, &scope("the backend", &variables, &config.stack, "dev"));
        assert_eq!(
            told(&errors.err().unwrap_or_default()),
            [
                "2:10: `local` cannot be used in the backend (what can be used here: `infra`, `stack`, `terraform`, `var`)",
                "3:13: there is no `var.buket` (did you mean `bucket`?)",
            ]
        );
    }
}
