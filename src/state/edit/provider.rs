//! Providers as the state names them: `provider["registry.terraform.io/hashicorp/aws"].alias`.

use crate::address::ResourceAddr;
use crate::state::State;

/// A provider's full name from one that a person writes: `aws`, `hashicorp/aws` or all three parts.
pub fn parse(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('/').collect();
    let wrong = |why: String| format!("`{text}` is not the name of a provider: {why}");
    let (host, namespace, name) = match parts[..] {
        [name] => ("registry.terraform.io", "hashicorp", name),
        [namespace, name] => ("registry.terraform.io", namespace, name),
        [host, namespace, name] => (host, namespace, name),
        _ => return Err(wrong("expected NAME, NAMESPACE/NAME or HOST/NAMESPACE/NAME".to_owned())),
    };
    for part in [namespace, name] {
        if !is_part(part) {
            return Err(wrong(format!(
                "`{part}` may hold letters, digits and dashes only, and no dash at an end"
            )));
        }
    }
    if !host.contains('.') && host != "localhost" && !host.contains(':')
        || !host.split(['.', ':']).all(is_part)
    {
        return Err(wrong(format!("`{host}` is not the name of a host")));
    }
    Ok(format!("{host}/{namespace}/{name}").to_lowercase())
}

fn is_part(text: &str) -> bool {
    let fine = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
    !text.is_empty() && text.chars().all(fine) && !text.starts_with('-') && !text.ends_with('-')
}

/// Hands every resource of one provider over to another, aliases kept. Gives their addresses.
pub fn replace(state: &mut State, from: &str, to: &str) -> Vec<ResourceAddr> {
    let (old, new) = (format!("[\"{from}\"]"), format!("[\"{to}\"]"));
    let mut out = Vec::new();
    for (addr, it) in &mut state.resources {
        if it.provider.contains(&old) {
            it.provider = it.provider.replacen(&old, &new, 1);
            out.push(addr.clone());
        }
    }
    out
}
