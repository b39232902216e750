//! Finding the one thing that fits what the stack says.

use crate::aws::elbv2::tagging::tags;
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// Those that have these tags, each with all of its own.
pub async fn tagged<T>(
    aws: &Aws,
    all: Vec<T>,
    wanted: &Tags,
    arn: impl Fn(&T) -> Option<&str>,
) -> Result<Vec<(T, Tags)>> {
    // Without any to search for, tags are asked of the one that it is.
    if wanted.is_empty() && all.len() > 1 {
        return Ok(all.into_iter().map(|it| (it, Tags::new())).collect());
    }
    let arns: Vec<String> = all.iter().filter_map(|it| arn(it).map(str::to_owned)).collect();
    let mut tags = tags(aws, &arns).await?;
    let each = all.into_iter().map(|it| {
        let tags = arn(&it).and_then(|arn| tags.remove(arn)).unwrap_or_default();
        (it, tags)
    });
    let fits = |it: &(T, Tags)| wanted.iter().all(|(k, v)| it.1.get(k) == Some(v));
    Ok(each.filter(fits).collect())
}

/// The only one found; `by` names the arguments that find it.
pub fn only<T>(what: &str, by: &str, mut found: Vec<T>) -> Result<T> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => Err(Error::Invalid(format!("no {what} fits: look at {by}"))),
        (Some(_), more) => {
            let count = more + 1;
            Err(Error::Invalid(format!("{count} {what}s fit and one is meant: say more of it with {by}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_wanted() {
        let only = |found| only("listener", "`arn`", found);
        assert_eq!(only(vec![1]).ok(), Some(1));
        assert_eq!(only(vec![]).unwrap_err().message(), "no listener fits: look at `arn`");
        let told = only(vec![1, 2, 3]).unwrap_err();
        assert!(told.message().starts_with("3 listeners fit and one is meant"), "{told}");
    }
}
