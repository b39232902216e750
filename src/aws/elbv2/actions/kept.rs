//! Actions as AWS tells them, in the words of the state: AWS tells of a single target group in two places,
//! keeps actions in their order, and never tells a secret.

use super::Action;
use crate::resource::One;

/// What was seen, written the way `kept` writes it.
pub fn kept<T, N>(seen: Vec<Action<T, N>>, kept: &[Action<T, N>]) -> Vec<Action<T, N>> {
    let mut seen = in_place(seen, kept);
    for (at, it) in seen.iter_mut().enumerate() {
        match kept.get(at) {
            Some(kept) => spell(it, kept),
            None => alone(it),
        }
    }
    seen
}

/// The place of each: where it is kept by its order.
fn in_place<T, N>(mut seen: Vec<Action<T, N>>, kept: &[Action<T, N>]) -> Vec<Action<T, N>> {
    let place = |it: &Action<T, N>| {
        let said = kept.iter().position(|kept| kept.order.is_some() && *kept.order == *it.order);
        said.unwrap_or(usize::MAX)
    };
    if kept.iter().all(|it| it.order.is_some()) {
        seen.sort_by_key(place);
    }
    seen
}

fn spell<T, N>(it: &mut Action<T, N>, kept: &Action<T, N>) {
    let says_group = kept.target_group_arn.as_deref().is_some_and(|it| !it.is_empty());
    match (kept.forward.is_some(), says_group) {
        (true, true) | (false, false) => {}
        (true, false) => it.target_group_arn = None,
        // With more than one there is no other way to say it.
        (false, true) if it.target_group_arn.is_some() => it.forward = One(None),
        (false, true) => {}
    }
    let secret = kept.authenticate_oidc.as_ref().map(|it| it.client_secret.clone());
    if let (Some(oidc), Some(secret)) = (it.authenticate_oidc.0.as_mut(), secret) {
        oidc.client_secret = secret;
    }
    if it.r#type.eq_ignore_ascii_case(&kept.r#type) {
        it.r#type = kept.r#type.clone();
    }
}

/// Of one that nobody has written yet (an import): the shorter way to say a single target group.
fn alone<T, N>(it: &mut Action<T, N>) {
    let only = it.forward.as_ref().and_then(|it| it.only());
    if only.is_some() && only == it.target_group_arn.as_deref() {
        it.forward = One(None);
    }
}
