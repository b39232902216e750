//! What the whole account's listings say about many things at once.
//!
//! `GetAccountAuthorizationDetails` answers for hundreds of roles, users and groups (with their policies) or
//! policies (with their documents) a page, some minutes late at worst. Pages are read only as far as somebody
//! needs them, never more of them than asking for each thing would take calls, and kept for all
//! types to share.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use aws_sdk_iam::types::{EntityType, GroupDetail, ManagedPolicyDetail, Role, RoleDetail, UserDetail};
use tokio::sync::Mutex;

use crate::aws::{Aws, Error, Result};

/// Fewer calls than this are not worth a look at the whole account.
const FEW: usize = 3;
/// The most things that a page may hold.
const PAGE: i32 = 1000;

/// What the listings know of some names.
pub(super) struct Known<T> {
    found: HashMap<String, Rc<T>>,
    /// The listing was read to its end: what it lacks does not exist.
    whole: bool,
}

impl<T> Known<T> {
    pub(super) fn get(&self, name: &str) -> Option<&Rc<T>> {
        self.found.get(name)
    }
    /// It has to be asked about by itself.
    pub(super) fn leaves_open(&self, name: &str) -> bool {
        !self.whole && !self.found.contains_key(name)
    }
}

/// A kind of thing that comes in pages.
#[allow(async_fn_in_trait, reason = "the engine drives all futures on one thread")]
pub(super) trait Listed: Sized + 'static {
    const LISTING: &'static str;
    fn name(&self) -> Option<&str>;
    /// A page, and the marker of the next one.
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)>;
}

struct Listing<T> {
    seen: HashMap<String, Rc<T>>,
    marker: Option<String>,
    /// There are no more pages.
    whole: bool,
    /// We may not list.
    closed: bool,
}

/// A listing, and how many calls it spares all types that look into it.
struct Shared<T> {
    spared: Cell<usize>,
    listing: Mutex<Listing<T>>,
}

/// What the listing says of these names, where asking for each of them would take `calls` calls.
pub(super) async fn listed<T: Listed>(aws: &Aws, names: &[&str], calls: usize) -> Result<Known<T>> {
    if aws.exact() {
        return Ok(Known { found: HashMap::new(), whole: false });
    }
    let empty = Listing::<T> { seen: HashMap::new(), marker: None, whole: false, closed: false };
    let shared = Shared { spared: Cell::new(0), listing: Mutex::new(empty) };
    let shared = aws.once(T::LISTING, async { Ok(shared) }).await?;
    shared.spared.set(shared.spared.get() + calls);
    // Every type that is read at the same moment counts its calls first.
    tokio::task::yield_now().await;
    let mut listing = shared.listing.lock().await;
    let calls = shared.spared.get();
    let most = if calls > FEW { calls } else { 0 };
    for _ in 0..most {
        let enough = names.iter().all(|it| listing.seen.contains_key(*it));
        if enough || listing.whole || listing.closed {
            break;
        }
        listing.read_on(aws).await?;
    }
    let found = names.iter().filter_map(|it| Some(((*it).to_owned(), listing.seen.get(*it)?.clone())));
    Ok(Known { found: found.collect(), whole: listing.whole })
}

impl<T: Listed> Listing<T> {
    async fn read_on(&mut self, aws: &Aws) -> Result<()> {
        match T::page(aws, self.marker.clone()).await {
            Ok((page, next)) => {
                let named = page.into_iter().filter_map(|it| Some((it.name()?.to_owned(), Rc::new(it))));
                self.seen.extend(named);
                self.whole = next.is_none();
                self.marker = next;
                Ok(())
            }
            Err(error) if declined(&error) => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// We may not ask this, or the endpoint does not know the question: there is another way.
pub(super) fn declined(error: &Error) -> bool {
    let denied = error.code().is_some_and(|it| it.contains("AccessDenied") || it.contains("NotAuthorized"));
    denied || matches!(error, Error::Unimplemented(_))
}

impl Listed for RoleDetail {
    const LISTING: &'static str = "iam-details-of-roles";
    fn name(&self) -> Option<&str> {
        self.role_name()
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let call = aws.iam().get_account_authorization_details().filter(EntityType::Role);
        let answer = call.max_items(PAGE).set_marker(marker).send().await?;
        Ok((answer.role_detail_list.unwrap_or_default(), answer.marker.filter(|_| answer.is_truncated)))
    }
}

impl Listed for ManagedPolicyDetail {
    const LISTING: &'static str = "iam-details-of-policies";
    fn name(&self) -> Option<&str> {
        self.arn()
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let call = aws.iam().get_account_authorization_details().filter(EntityType::LocalManagedPolicy);
        let answer = call.max_items(PAGE).set_marker(marker).send().await?;
        Ok((answer.policies.unwrap_or_default(), answer.marker.filter(|_| answer.is_truncated)))
    }
}

impl Listed for UserDetail {
    const LISTING: &'static str = "iam-details-of-users";
    fn name(&self) -> Option<&str> {
        self.user_name()
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let call = aws.iam().get_account_authorization_details().filter(EntityType::User);
        let answer = call.max_items(PAGE).set_marker(marker).send().await?;
        Ok((answer.user_detail_list.unwrap_or_default(), answer.marker.filter(|_| answer.is_truncated)))
    }
}

impl Listed for GroupDetail {
    const LISTING: &'static str = "iam-details-of-groups";
    fn name(&self) -> Option<&str> {
        self.group_name()
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let call = aws.iam().get_account_authorization_details().filter(EntityType::Group);
        let answer = call.max_items(PAGE).set_marker(marker).send().await?;
        Ok((answer.group_detail_list.unwrap_or_default(), answer.marker.filter(|_| answer.is_truncated)))
    }
}

/// Has the description and session duration, which the details lack.
impl Listed for Role {
    const LISTING: &'static str = "iam-roles";
    fn name(&self) -> Option<&str> {
        Some(self.role_name())
    }
    async fn page(aws: &Aws, marker: Option<String>) -> Result<(Vec<Self>, Option<String>)> {
        let answer = aws.iam().list_roles().max_items(PAGE).set_marker(marker).send().await?;
        Ok((answer.roles, answer.marker.filter(|_| answer.is_truncated)))
    }
}
