//! Policies, which are looked up by their id, or by their name in the list of all.

use crate::aws::cloudfront::cache_policy::Names;
use crate::aws::{Error, Result};
use crate::resource::Set;

/// The name of one, and its id.
pub(super) type Named = (String, String);

/// The id that the stack says, or that of the one whose name it says; `all` are looked through only then.
pub(super) async fn id_of(
    what: &str,
    id: &Option<String>,
    name: &Option<String>,
    all: impl Future<Output = Result<Vec<Named>>>,
) -> Result<String> {
    let said = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
    match (said(id), said(name)) {
        (Some(id), None) => Ok(id),
        (None, Some(name)) => called(what, &name, all.await?),
        (Some(_), Some(_)) => Err(Error::Invalid("say `id` or `name`, not both of them".to_owned())),
        (None, None) => Err(Error::Invalid("say `id` or `name`".to_owned())),
    }
}

fn called(what: &str, name: &str, mut all: Vec<Named>) -> Result<String> {
    if let Some(at) = all.iter().position(|it| it.0 == name) {
        return Ok(all.swap_remove(at).1);
    }
    let names: Vec<String> = all.iter().map(|it| format!("`{}`", it.0)).take(30).collect();
    let there = match names.is_empty() {
        true => "none at all".to_owned(),
        false => names.join(", "),
    };
    Err(Error::Invalid(format!("there is no {what} of the name `{name}`; there is {there}")))
}

/// Names as attributes hold them: in a list of one, or of none where there are none.
pub(super) fn names(all: Vec<String>) -> Vec<Names> {
    match all.is_empty() {
        true => Vec::new(),
        false => vec![Names { items: Some(Set(all)) }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_by_its_id_or_by_its_name() {
        let ask = |id: &str, name: &str| {
            let some = |it: &str| Some(it.to_owned());
            let all = async { Ok(vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())]) };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let found = runtime.block_on(id_of("cache policy", &some(id), &some(name), all));
            found.map_err(|it| it.to_string())
        };
        assert_eq!(ask("7", ""), Ok("7".to_owned()));
        assert_eq!(ask("", "b"), Ok("2".to_owned()));
        assert!(ask("", "c").is_err_and(|it| it.contains("there is `a`, `b`")));
        assert!(ask("7", "b").is_err());
        assert!(ask("", "").is_err());
    }
}
