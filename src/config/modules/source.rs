//! What the `source` of a module means. Pure.
//!
//! The spellings are Terraform's: a folder (`./net`), Git (`git::https://…//folder?ref=v1`,
//! `git@host:path`, `github.com/…`, `bitbucket.org/…`), and the public registry's `NAMESPACE/NAME/PROVIDER`,
//! which names a repository of GitHub: the registry publishes `terraform-PROVIDER-NAME` and nothing else.

/// Where a module is.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A folder, from the caller's.
    Local(String),
    Remote(Remote),
}

/// A Git repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Remote {
    /// As `git clone` takes it.
    pub url: String,
    /// The module's folder in it; empty for the top.
    pub folder: String,
    /// `?ref=…`: a branch, tag or commit.
    pub reference: Option<String>,
    /// Whether it was named as the registry does: then the version is mandatory in spirit, and a tag.
    pub registry: bool,
}

/// Spellings that Terraform knows and we do not fetch.
const OTHERS: &[&str] = &["s3::", "gcs::", "hg::", "http://", "https://", "oci://"];

impl Source {
    /// Reads a source; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Source, String> {
        if text.starts_with("./") || text.starts_with("../") || text == "." || text == ".." {
            return Ok(Source::Local(text.to_owned()));
        }
        if text.starts_with('/') {
            return Err("the path of a module starts with `./` or `../`".to_owned());
        }
        if let Some(rest) = text.strip_prefix("git::") {
            return Ok(remote(rest, false));
        }
        if text.starts_with("git@") || text.starts_with("ssh://") {
            return Ok(remote(text, false));
        }
        for host in ["github.com/", "bitbucket.org/", "gitlab.com/"] {
            if text.starts_with(host) {
                return hosted(text);
            }
        }
        if OTHERS.iter().any(|it| text.starts_with(it)) {
            let why =
                format!("`{text}` cannot be fetched: write a folder (`./…`) or a Git repository (`git::…`)");
            return Err(why);
        }
        registry(text)
    }
}

/// `https://host/repo.git//folder?ref=x`.
fn remote(text: &str, registry: bool) -> Source {
    let (rest, query) = text.split_once('?').unwrap_or((text, ""));
    // The two slashes of a scheme part nothing.
    let from = rest.find("://").map_or(0, |it| it + 3);
    let (url, folder) = match rest[from..].find("//") {
        Some(at) => (&rest[..from + at], rest[from + at..].trim_matches('/')),
        None => (rest, ""),
    };
    let reference = query.split('&').find_map(|it| it.strip_prefix("ref=")).filter(|it| !it.is_empty());
    Source::Remote(Remote {
        url: url.to_owned(),
        folder: folder.to_owned(),
        reference: reference
            .map(|it| percent_encoding::percent_decode_str(it).decode_utf8_lossy().into_owned()),
        registry,
    })
}

/// `github.com/owner/repo//folder`.
fn hosted(text: &str) -> Result<Source, String> {
    let (path, _) = text.split_once('?').unwrap_or((text, ""));
    let repository = path.split("//").next().unwrap_or(path);
    if repository.split('/').filter(|it| !it.is_empty()).count() < 3 {
        return Err(format!("`{text}` names no repository: write host/owner/name"));
    }
    let suffix = if repository.ends_with(".git") { "" } else { ".git" };
    Ok(remote(&format!("https://{repository}{suffix}{}", &text[repository.len()..]), false))
}

/// `NAMESPACE/NAME/PROVIDER`, with `registry.terraform.io/` before it or not.
fn registry(text: &str) -> Result<Source, String> {
    let (path, folder) = text.split_once("//").unwrap_or((text, ""));
    let path = path.strip_prefix("registry.terraform.io/").unwrap_or(path);
    let steps: Vec<&str> = path.split('/').collect();
    match steps.as_slice() {
        [namespace, name, provider] if steps.iter().all(|it| crate::address::is_name(it)) => {
            let url = format!("https://github.com/{namespace}/terraform-{provider}-{name}.git//{folder}");
            Ok(remote(&url, true))
        }
        [_, _, _, _] => Err(format!("`{text}` is in a private registry: name its Git repository (`git::…`)")),
        _ => Err(format!("`{text}` is no source of a module: a folder beside is written `./{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_what_terraform_takes_them_for() {
        let told = |text: &str| match Source::parse(text) {
            Ok(Source::Local(path)) => format!("local {path}"),
            Ok(Source::Remote(it)) => {
                format!("{} [{}] {}", it.url, it.folder, it.reference.unwrap_or_default())
            }
            Err(why) => format!("! {why}"),
        };
        for (text, wanted) in [
            ("./net", "local ./net"),
            ("git::https://x.org/a.git//m/n?ref=v1.2", "https://x.org/a.git [m/n] v1.2"),
            ("git::ssh://git@x.org/a.git?depth=1&ref=main", "ssh://git@x.org/a.git [] main"),
            ("git@github.com:o/r.git//m", "git@github.com:o/r.git [m] "),
            ("github.com/o/r//m?ref=v2", "https://github.com/o/r.git [m] v2"),
            ("o/vpc/aws", "https://github.com/o/terraform-aws-vpc.git [] "),
            ("o/iam/aws//modules/role", "https://github.com/o/terraform-aws-iam.git [modules/role] "),
            ("git::file:///a/b", "file:///a/b [] "),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
        for text in ["net", "/abs/net", "s3::https://x", "https://x.org/a.zip", "host.org/a/b/c"] {
            assert!(told(text).starts_with('!'), "{text}");
        }
    }
}
