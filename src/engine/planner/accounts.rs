//! Whether the stack may work in the accounts that its provider configurations lead to.

use super::Request;
use super::targets::{Included, included};
use crate::address::ResourceAddr;
use crate::diag::Diagnostics;
use crate::engine::providers::Providers;
use crate::plan::scope::Scope;
use crate::state::State;

/// Looks at the accounts of the provider configurations that the stack uses, before anything is read.
pub async fn guard(request: &Request<'_>, providers: &Providers<'_>) -> Result<(), Diagnostics> {
    guarded(request, providers, &State::new(), included(request, &State::new()).as_ref()).await
}

/// The same once the state is known: it may use configurations that the stack does not use any more.
pub(super) async fn guarded(
    request: &Request<'_>,
    providers: &Providers<'_>,
    state: &State,
    included: Option<&Included>,
) -> Result<(), Diagnostics> {
    let scope = Scope::new(request.config, request.variables, request.env);
    let used = |it: &ResourceAddr| included.is_none_or(|all| all.any(it));
    providers.guard(&scope, state, used).await
}
