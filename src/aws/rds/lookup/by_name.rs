//! What is looked up by its name.

use std::collections::HashMap;

use crate::aws::{Aws, Error, Result};

/// The one of this name. Reads that share answers ask for all names of this kind at once.
pub async fn named<T: Clone + 'static>(
    aws: &Aws,
    kind: &str,
    name: &str,
    ask: impl AsyncFnOnce(Vec<String>) -> Result<HashMap<String, T>>,
) -> Result<T> {
    let names = [name.to_owned()];
    let mut found = match aws.exact() {
        true => ask(names.to_vec()).await?,
        false => aws.together(kind, &names, ask).await?,
    };
    found.remove(name).ok_or_else(|| none(kind, name))
}

pub fn none(kind: &str, name: &str) -> Error {
    Error::Invalid(format!("there is no {kind} `{name}` in this region"))
}

/// The name in an ARN such as `arn:aws:rds:eu-west-1:123456789012:db:shop`, or all of a name.
pub fn name_of(name_or_arn: &str) -> &str {
    name_or_arn.rsplit(':').next().unwrap_or_default()
}

/// Whether what has this ARN is what was asked for: an ARN may be of another account.
pub fn is_meant(asked: &str, arn: Option<&str>) -> bool {
    !asked.contains(':') || arn == Some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_means_no_other_of_its_name() {
        let (own, other) = ("arn:aws:rds:eu-west-1:111122223333:db:shop", "arn:aws:rds:eu-west-1:1:db:shop");
        assert_eq!((name_of(own), name_of("shop")), ("shop", "shop"));
        assert!(is_meant("shop", Some(own)) && is_meant(own, Some(own)));
        assert!(!is_meant(other, Some(own)) && !is_meant(own, None));
    }
}
