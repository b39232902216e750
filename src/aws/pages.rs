//! Services that tell about one thing by its name, or about all of them page by page.

use std::collections::HashSet;

use super::Result;

/// `None` where there is none.
pub fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// Those of these names: one is asked for by its name, more of them are picked from the pages of all, until all
/// are there.
pub async fn picked<T, P>(
    names: &[String],
    one: impl AsyncFnOnce(&str) -> Result<Vec<T>>,
    mut next: impl AsyncFnMut() -> Result<Option<P>>,
    of: impl Fn(P) -> Vec<T>,
    name: impl Fn(&T) -> Option<&str>,
) -> Result<Vec<T>> {
    if let [only] = names {
        return Ok(there(one(only).await)?.unwrap_or_default());
    }
    let mut open: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut out = Vec::new();
    while !open.is_empty() {
        let Some(page) = next().await? else { break };
        out.extend(of(page).into_iter().filter(|it| name(it).is_some_and(|it| open.remove(it))));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Error;

    fn run(names: &[&str], pages: &[&[&'static str]]) -> (Vec<&'static str>, usize) {
        let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
        let (mut pages, mut asked) = (pages.iter(), 0);
        let found = picked(
            &names,
            async |name| match name {
                "a" => Ok(vec!["a"]),
                _ => Err(Error::Missing { code: "NotFound".into(), message: "none".into() }),
            },
            async || {
                asked += 1;
                Ok(pages.next().map(|it| it.to_vec()))
            },
            |page| page,
            |it| Some(*it),
        );
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(found).unwrap();
        (found, asked)
    }

    #[test]
    fn one_is_asked_for_by_its_name() {
        assert_eq!(run(&["a"], &[&["a", "b"]]), (vec!["a"], 0));
        assert_eq!(run(&["b"], &[]), (vec![], 0));
    }

    #[test]
    fn more_are_picked_until_all_are_there() {
        assert_eq!(run(&["a", "c"], &[&["a", "b"], &["c"], &["d"]]), (vec!["a", "c"], 2));
        assert_eq!(run(&["a", "x"], &[&["a", "b"], &["c"]]), (vec!["a"], 3));
        assert_eq!(run(&[], &[&["a"]]), (vec![], 0));
    }
}
