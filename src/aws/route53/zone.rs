use std::time::Duration;

use aws_sdk_route53::operation::get_hosted_zone::GetHostedZoneOutput;
use aws_sdk_route53::types::{self as sdk, ChangeAction, HostedZoneConfig};
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ROUTE53, arn, batch, blockers, changes, names, walk};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// A domain whose names Route 53 answers for: to everybody, or within VPCs only.
///
/// ```toml
/// [aws_route53_zone.main]
/// name = "example.com"
/// comment = "The shop"
/// ```
///
/// ```toml
/// [aws_route53_zone.inside]
/// name = "shop.internal"
/// vpc = [{ vpc_id = "vpc-0a1b2c3d4e5f67890" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The domain, such as `example.com`.
    #[schemars(length(min = 1, max = 1024))]
    pub name: Fixed<String>,
    /// What it is for.
    #[serde(default = "managed")]
    #[schemars(length(max = 256))]
    pub comment: String,
    /// A set of name servers to use. Of public zones only.
    #[schemars(length(max = 32))]
    pub delegation_set_id: Fixed<Option<String>>,
    /// Before the zone is removed, remove all its records.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// The VPCs within which it answers: then it is private. A public zone does not become one: replace it.
    #[serde(default)]
    pub vpc: Set<Vpc>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `Z0123456789ABCDEFGHIJ`.
    pub id: Computed<String>,
    /// The same as `id`.
    pub zone_id: Computed<String>,
    /// The zone's ARN.
    pub arn: Computed<String>,
    /// The servers to name where the domain is registered.
    pub name_servers: Computed<Vec<String>>,
    /// The first of the name servers.
    pub primary_name_server: Computed<String>,
}

/// A VPC within which a private zone answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// The VPC's id.
    #[schemars(length(min = 1))]
    pub vpc_id: String,
    /// The VPC's region; the provider configuration's where none is given.
    pub vpc_region: Chosen<Option<String>>,
}

fn managed() -> String {
    "Managed by Terraform".to_owned()
}

impl Resource for Zone {
    const TYPE: &'static str = "aws_route53_zone";
    const IMPORT: &'static [&'static str] = &["Z0123456789ABCDEFGHIJ"];
    const TAGS: TagApi = TagApi::Route53Zone;
    const READS: Reads = Reads::of(
        &[Cost::each("route53:GetHostedZone")],
        "lists of zones tell neither their VPCs nor their name servers",
    );
    const PATIENCE: Duration = Duration::from_secs(1800);
    const CREATE_SECONDS: u32 = 35;
    const PASSING: &'static [&'static [Passing]] = &[ROUTE53, &[Passing::unseen("InvalidVPCId")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(names::zone_id(id).to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let notes: Vec<String> = ids.iter().map(|it| noted_as(it)).collect();
        let pending = changes::pending(aws, &notes).await?;
        let each = stream::iter(ids).map(|id| get(aws, id));
        let found: Vec<Option<Live<Self>>> = each.buffered(10).try_collect().await?;
        let found = found.into_iter().flatten().map(|it| {
            let status = changes::status(pending.contains(&noted_as(&it.key)));
            Live { status, ..it }
        });
        Ok(found.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let config = HostedZoneConfig::builder().comment(&self.comment).build();
        let set = self.delegation_set_id.0.clone().filter(|it| !it.is_empty());
        let call = aws.route53().create_hosted_zone().name(&*self.name.0).caller_reference(&new.token);
        // A private zone is made for one VPC; the others follow.
        let call = call.set_vpc(self.vpc.first().map(|it| it.sent(aws)));
        let answer = call.hosted_zone_config(config).set_delegation_set_id(set).send().await?;
        let zone = answer.hosted_zone.ok_or(Error::Incomplete("the zone's id"))?;
        let id = names::zone_id(&zone.id).to_owned();
        changes::note(aws, &noted_as(&id), answer.change_info).await?;
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let id = was.key();
        if self.comment != was.comment {
            let call = aws.route53().update_hosted_zone_comment().id(&id);
            call.comment(&self.comment).send().await?;
        }
        // A private zone is never without one: new ones first.
        for it in missing(&self.vpc, &was.vpc) {
            it.associate(aws, &id).await?;
        }
        for it in missing(&was.vpc, &self.vpc) {
            it.disassociate(aws, &id).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        if *self.force_destroy {
            self.empty(aws, &id).await?;
            unsign(aws, &id).await?;
        }
        aws.route53().delete_hosted_zone().id(id).send().await?;
        Ok(())
    }

    // The caller reference is the token: AWS makes no second zone with it.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = names::clean(&self.name);
        let call = aws.route53().list_hosted_zones_by_name().dns_name(format!("{name}.")).max_items(100);
        let zones = call.send().await?.hosted_zones;
        let ours = zones.into_iter().find(|it| it.caller_reference == new.token);
        Ok(ours.map(|it| names::zone_id(&it.id).to_owned()))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if names::clean(&self.name) == names::clean(&kept.name) {
            self.name = kept.name.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let says = |plan: &Adjust, name: &str| {
            plan.config(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it))
        };
        if says(plan, "vpc") && says(plan, "delegation_set_id") {
            let text =
                "`delegation_set_id` cannot stand beside `vpc`: name servers are those of public zones";
            plan.error("delegation_set_id", text);
        }
        if let Some(name) = plan.will("name").and_then(Value::as_str) {
            let name = names::clean(name);
            plan.set("name", name.into());
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match error.code() {
            Some("HostedZoneNotEmpty") if op == Op::Delete => {
                blockers::of_zone(aws, &self.key(), &self.name).await
            }
            _ => Blockers::default(),
        })
    }
}

/// What changes of the zone itself are noted as.
fn noted_as(id: &str) -> String {
    format!("zone {id}")
}

/// Those of `wanted` that `there` lacks.
fn missing<'v>(wanted: &'v Set<Vpc>, there: &Set<Vpc>) -> Vec<&'v Vpc> {
    wanted.iter().filter(|it| there.iter().all(|other| other.vpc_id != it.vpc_id)).collect()
}

impl Vpc {
    fn sent(&self, aws: &Aws) -> sdk::Vpc {
        let region = self.vpc_region.as_deref().filter(|it| !it.is_empty()).unwrap_or(aws.region());
        sdk::Vpc::builder().vpc_id(&self.vpc_id).vpc_region(region.into()).build()
    }

    async fn associate(&self, aws: &Aws, zone: &str) -> Result<()> {
        let call = aws.route53().associate_vpc_with_hosted_zone().hosted_zone_id(zone).vpc(self.sent(aws));
        match call.send().await.map_err(Error::from) {
            Ok(it) => changes::note(aws, &noted_as(zone), it.change_info).await,
            // An attempt before has done it.
            Err(it) if it.code() == Some("ConflictingDomainExists") && it.message().contains(zone) => Ok(()),
            Err(it) => Err(it),
        }
    }

    async fn disassociate(&self, aws: &Aws, zone: &str) -> Result<()> {
        let call = aws.route53().disassociate_vpc_from_hosted_zone().hosted_zone_id(zone).vpc(self.sent(aws));
        match call.send().await.map_err(Error::from) {
            Ok(it) => changes::note(aws, &noted_as(zone), it.change_info).await,
            Err(it) if it.code() == Some("VPCAssociationNotFound") => Ok(()),
            Err(it) => Err(it),
        }
    }
}

impl Zone {
    /// Removes all records but the zone's own.
    async fn empty(&self, aws: &Aws, id: &str) -> Result<()> {
        let all = walk::all(aws, id).await?;
        let others = all.into_iter().filter(|it| !blockers::is_own(&it.name, &it.r#type, &self.name));
        let others: Vec<_> =
            others.map(|it| batch::change(ChangeAction::Delete, it)).collect::<Result<_>>()?;
        for some in others.chunks(100) {
            batch::send(aws, id, some.to_vec()).await?;
        }
        Ok(())
    }
}

/// Ends the signing of the zone's answers: a zone that signs is not removed.
async fn unsign(aws: &Aws, id: &str) -> Result<()> {
    let signs = match aws.route53().get_dnssec().hosted_zone_id(id).send().await.map_err(Error::from) {
        Ok(it) => it.status.and_then(|it| it.serve_signature).as_deref() == Some("SIGNING"),
        // A private zone, or an account that cannot sign.
        Err(it) if it.is_missing() || it.code() == Some("InvalidArgument") => false,
        Err(it) if it.message().contains("not available for the current AWS account") => false,
        Err(it) => return Err(it),
    };
    if !signs {
        return Ok(());
    }
    match aws.route53().disable_hosted_zone_dnssec().hosted_zone_id(id).send().await.map_err(Error::from) {
        Err(it) if !it.is_missing() => Err(it),
        _ => Ok(()),
    }
}

async fn get(aws: &Aws, id: &str) -> Result<Option<Live<Zone>>> {
    match aws.route53().get_hosted_zone().id(id).send().await.map_err(Error::from) {
        Ok(it) => live(aws, it).await.map(Some),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

async fn live(aws: &Aws, it: GetHostedZoneOutput) -> Result<Live<Zone>> {
    let zone = it.hosted_zone.ok_or(Error::Incomplete("the zone"))?;
    let id = names::zone_id(&zone.id).to_owned();
    let (comment, private) = zone.config.map(|it| (it.comment, it.private_zone)).unwrap_or_default();
    let set = it.delegation_set;
    let set_id =
        set.as_ref().and_then(|it| it.id.as_deref()).map(|it| it.trim_start_matches("/delegationset/"));
    // A private zone's stand in a record of it: a call of its own, for what never changes.
    let unread: &[&str] =
        if private && !aws.exact() { &["name_servers", "primary_name_server"] } else { &[] };
    let servers = match private {
        true if aws.exact() => servers(aws, &id, &zone.name).await?,
        true => Vec::new(),
        false => set.as_ref().map(|it| it.name_servers.clone()).unwrap_or_default(),
    };
    let mut sorted = servers.clone();
    sorted.sort();
    let vpcs = it.vpcs.unwrap_or_default().into_iter().map(|it| Vpc {
        vpc_id: seen(it.vpc_id),
        vpc_region: Chosen(it.vpc_region.map(|it| it.as_str().to_owned())),
    });
    let attributes = Zone {
        name: Fixed(names::clean(&zone.name)),
        comment: comment.unwrap_or_default(),
        delegation_set_id: Fixed(set_id.filter(|it| !it.is_empty()).map(str::to_owned)),
        force_destroy: Local(false),
        vpc: vpcs.collect(),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        zone_id: Computed(id.clone()),
        arn: Computed(arn(aws, "hostedzone", &id)),
        primary_name_server: Computed(servers.into_iter().next().unwrap_or_default()),
        name_servers: Computed(sorted),
        id: Computed(id.clone()),
    };
    Ok(Live { key: id, attributes, tags: None, status: Status::Ready, unread })
}

/// The name servers of a private zone, in order.
pub(super) async fn servers(aws: &Aws, id: &str, name: &str) -> Result<Vec<String>> {
    let call = aws.route53().list_resource_record_sets().hosted_zone_id(id).start_record_name(name);
    let sets = call.start_record_type(sdk::RrType::Ns).send().await?.resource_record_sets;
    let own = sets.into_iter().find(|it| blockers::is_own(&it.name, &it.r#type, name));
    let mut values: Vec<String> =
        own.and_then(|it| it.resource_records).unwrap_or_default().into_iter().map(|it| it.value).collect();
    values.sort();
    Ok(values)
}
