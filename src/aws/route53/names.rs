//! Domain names as Route 53 and the Terraform provider write them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::aws::{Aws, Error, Result};

/// The zone's id without the path that the API puts before it.
pub fn zone_id(id: &str) -> &str {
    id.trim_start_matches("/hostedzone/")
}

/// As the API writes it: in small letters, unusual characters as octal codes. A `*` that is the first label
/// stays as it is.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name.chars();
    while let Some(it) = rest.next() {
        let after = rest.as_str();
        match it {
            'A'..='Z' => out.push(it.to_ascii_lowercase()),
            'a'..='z' | '0'..='9' | '-' | '.' | '_' => out.push(it),
            '*' if out.is_empty() && after.starts_with('.') => out.push(it),
            '\\' if after.len() >= 3 && after.bytes().take(3).all(|it| (b'0'..=b'7').contains(&it)) => {
                out.push(it);
                out.extend(rest.by_ref().take(3));
            }
            other => out.push_str(&format!("\\{:03o}", u32::from(other))),
        }
    }
    out
}

/// Without the dot at its end, as the API writes it otherwise. The root's name is that dot.
pub fn clean(name: &str) -> String {
    if name == "." { name.to_owned() } else { escaped(without_dot(name)) }
}

pub fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// A record's name as the provider keeps it.
pub fn kept(name: &str) -> String {
    without_dot(name).to_lowercase()
}

/// A record's full name: the zone's is put behind a name that does not end in it.
pub fn full(name: &str, zone: &str) -> String {
    let (own, zone) = (clean(name), without_dot(zone));
    match own.ends_with(zone) {
        true => own,
        false if own.is_empty() => zone.to_owned(),
        false => format!("{own}.{zone}"),
    }
}

/// A name that the API lists, as [`full`] writes it.
pub fn listed(name: &str) -> String {
    let name = without_dot(name).to_lowercase();
    match name.strip_prefix("\\052.") {
        Some(rest) => format!("*.{rest}"),
        None => name,
    }
}

/// The names of zones, by id: they never change.
async fn zones(aws: &Aws) -> Result<Rc<RefCell<HashMap<String, String>>>> {
    aws.once("names of Route 53's zones", async { Ok(RefCell::default()) }).await
}

/// The zone's name, where it was heard already.
pub async fn known(aws: &Aws, zone: &str) -> Result<Option<String>> {
    Ok(zones(aws).await?.borrow().get(zone).cloned())
}

pub async fn learn(aws: &Aws, zone: &str, name: &str) -> Result<()> {
    zones(aws).await?.borrow_mut().insert(zone.to_owned(), name.to_owned());
    Ok(())
}

/// The zone's name, with the dot at its end. It is asked for once, whoever needs it.
pub async fn of_zone(aws: &Aws, zone: &str) -> Result<String> {
    if let Some(it) = known(aws, zone).await? {
        return Ok(it);
    }
    let what = format!("the name of zone {zone}");
    let name = aws.once(&what, async {
        let answer = aws.route53().get_hosted_zone().id(zone).send().await?;
        answer.hosted_zone.map(|it| it.name).ok_or(Error::Incomplete("the zone's name"))
    });
    let name = String::clone(&*name.await?);
    learn(aws, zone, &name).await?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_apis() {
        assert_eq!(clean("WWW.Example.com."), "www.example.com");
        assert_eq!(clean("*.example.com"), "*.example.com");
        assert_eq!(clean("a.*.example.com"), "a.\\052.example.com");
        assert_eq!(clean("\\052.example.com."), "\\052.example.com");
        assert_eq!(clean("a b.example.com"), "a\\040b.example.com");
        assert_eq!(clean("."), ".");
        assert_eq!(listed("\\052.Example.com."), "*.example.com");
    }

    #[test]
    fn a_name_is_completed_by_its_zones() {
        assert_eq!(full("www", "example.com."), "www.example.com");
        assert_eq!(full("www.example.com.", "example.com."), "www.example.com");
        assert_eq!(full("", "example.com."), "example.com");
        assert_eq!(full("*", "example.com."), "\\052.example.com");
    }
}
