//! Relational Database Service, and what its types share.

/// Hands fields over to a call, but for those that say nothing.
macro_rules! hand {
    ($call:expr, $it:expr, { $($set:ident: $field:ident),* $(,)? }) => {
        $call$(.$set($crate::aws::shape::given(&$it.$field)))*
    };
}

mod blockers;
pub mod cluster;
pub mod cluster_instance;
pub mod cluster_parameter_group;
pub mod instance;
mod instances;
pub mod lookup;
pub mod option_group;
pub mod parameter_group;
mod parameters;
pub mod subnet_group;
mod versions;

use aws_sdk_rds::types::{Filter, Tag};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::pages::there;
use super::tags::MARK;
use super::{Aws, Error, Result};
use crate::resource::{Op, Passing, Tags};

/// What passes with time for database instances and clusters.
pub const RDS: &[Passing] = &[
    // It is being made, changed, backed up or started.
    Passing::busy("InvalidDBInstanceState").not_saying(STOPPED),
    Passing::busy("InvalidDBClusterStateFault").not_saying(LAST_OF_REPLICA),
    Passing::busy("InvalidParameterCombination").saying("previous storage change is being optimized"),
    // What the call names was made a moment ago.
    Passing::unseen("DBSubnetGroupNotFoundFault"),
    Passing::unseen("DBParameterGroupNotFound"),
    Passing::unseen("DBClusterParameterGroupNotFound"),
    Passing::unseen("InvalidParameterValue").saying("IAM role ARN value is invalid or does not include"),
    Passing::unseen("InvalidParameterValue").saying("ENHANCED_MONITORING"),
    Passing::unseen("InvalidParameterValue").saying("S3_SNAPSHOT_INGESTION"),
    Passing::unseen("InvalidParameterValue").saying("S3 bucket cannot be found"),
    Passing::unseen("InvalidParameterValue").saying("S3 bucket cannot be downloaded"),
    Passing::unseen("ValidationError").saying("couldn't fetch the role from instance profile"),
];

/// What a refusal says where somebody has stopped the instance: no waiting helps.
const STOPPED: &str = "stopped";
/// What the removal of the last reader of a replicating cluster is told.
const LAST_OF_REPLICA: &str = "Cannot delete the last instance of the read replica";
/// What is told where the last snapshot is being made, or the instance is on its way out already.
const BEING_DELETED: &str = "is already being deleted";

/// A time of a day and one later, such as `03:00-04:00`.
pub const DAILY: &str = r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]-([01]?[0-9]|2[0-3]):[0-5][0-9])?$";
/// A time of a week and one later, such as `sun:04:00-sun:05:00`.
pub const WEEKLY: &str =
    r"^([A-Za-z]{3}:([01][0-9]|2[0-3]):[0-5][0-9]-[A-Za-z]{3}:([01][0-9]|2[0-3]):[0-5][0-9])?$";

/// The most that one page holds, and the most values of a filter.
const PAGE: usize = 100;

fn among(name: &str, values: &[String]) -> Filter {
    let mut it = Filter::builder().name(name).build();
    it.values = Some(values.to_vec());
    it
}

fn tags(tags: &Tags) -> Option<Vec<Tag>> {
    let all = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
    Some(all.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn tags_seen(answer: Option<Vec<Tag>>) -> Tags {
    let pair = |it: Tag| Some((it.key?, it.value.unwrap_or_default()));
    answer.unwrap_or_default().into_iter().filter_map(pair).collect()
}

/// Whether these tags tell that a create with this token has made it.
fn is_ours(tags: &Tags, token: &str) -> bool {
    tags.get(MARK).is_some_and(|it| it == token)
}

/// [`super::tags::change`] for everything of RDS's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.rds().remove_tags_from_resource().resource_name(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.rds().add_tags_to_resource().resource_name(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// [`super::tags::unmark`], by ARN. What is gone needs none.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    for arn in arns {
        there(change_tags(aws, arn, &Tags::new(), &[MARK.to_owned()]).await)?;
    }
    Ok(())
}

/// The tags of each, asked of RDS itself; `None` where one is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(16).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.rds().list_tags_for_resource().resource_name(arn).send().await;
    Ok(there(answer.map_err(Error::from))?.map(|it| tags_seen(it.tag_list)))
}

/// Date and time to the second, as the state holds them.
fn moment(time: Option<DateTime>) -> Option<String> {
    DateTime::from_secs(time?.secs()).fmt(Format::DateTime).ok()
}

/// A moment that the stack says, for a call.
fn moment_said(name: &str, text: &Option<String>) -> Result<Option<DateTime>> {
    let text = text.as_deref().filter(|it| !it.is_empty());
    let time = text.map(|it| DateTime::from_str(it, Format::DateTime)).transpose();
    time.map_err(|it| Error::Invalid(format!("{name}: {it}")))
}

/// What is told of a removal that is refused before anything is touched.
fn guarded(op: Op, error: &Error) -> Option<&'static str> {
    let protected = op == Op::Delete && error.message().to_lowercase().contains("deletion protection");
    protected.then_some("set `deletion_protection = false` and apply that before it is removed")
}

/// What is wrong with a removal that would make no last snapshot, and may not go without one.
fn last_snapshot(skip: bool, name: Option<&str>, protected: bool) -> Result<Option<String>> {
    if protected {
        let text = "it has `deletion_protection`: set that to false and apply it before this is removed";
        return Err(Error::Invalid(text.to_owned()));
    }
    match name.filter(|it| !it.is_empty() && !skip) {
        Some(name) => Ok(Some(name.to_owned())),
        None if skip => Ok(None),
        None => Err(Error::Invalid(
            "a last snapshot is to be made and has no name: set `final_snapshot_identifier`, or \
             `skip_final_snapshot = true` where the data may be lost, and apply that before this is removed"
                .to_owned(),
        )),
    }
}
