use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECS, clusters, name_of};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// What a cluster may run tasks on, and where tasks go that do not say.
///
/// ```toml
/// [aws_ecs_cluster_capacity_providers.main]
/// cluster_name = "${aws_ecs_cluster.main.name}"
/// capacity_providers = ["FARGATE", "FARGATE_SPOT"]
/// default_capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1, weight = 100 }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterCapacityProviders {
    /// The cluster's name.
    #[schemars(length(min = 1, max = 255), regex(pattern = r"^[0-9A-Za-z_-]+$"))]
    pub cluster_name: Fixed<String>,
    /// `FARGATE`, `FARGATE_SPOT` and names of `aws_ecs_capacity_provider`.
    pub capacity_providers: Option<Set<String>>,
    /// Where tasks go that do not say.
    #[serde(default)]
    pub default_capacity_provider_strategy: Set<DefaultShare>,
    /// The cluster's name.
    pub id: Computed<String>,
}

/// How many of the tasks go to one capacity provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultShare {
    /// Its name.
    pub capacity_provider: String,
    /// So many tasks at least, before any go elsewhere. One of them may have a base.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub base: i64,
    /// Its part of the rest, in proportion to the weights of the others.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000))]
    pub weight: i64,
}

impl Resource for ClusterCapacityProviders {
    const TYPE: &'static str = "aws_ecs_cluster_capacity_providers";
    const IMPORT: &'static [&'static str] = &["shop"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ecs:DescribeClusters", super::MANY).pooled()],
        "a call takes 100 names, and tells of the clusters too",
    );
    const BATCH: usize = 1000; // pages of 100
    const CREATE_SECONDS: u32 = 10;
    // Without any, the cluster is still there.
    const VANISHES: bool = false;
    const PASSING: &'static [&'static [Passing]] = &[
        ECS,
        &[
            Passing::busy("ClientException").saying("Cluster was not ACTIVE"),
            Passing::busy("ResourceInUseException"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.cluster_name.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(name_of(id).to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let mut found = clusters(aws, names).await?;
        Ok(names.iter().filter_map(|it| found.remove(it)).map(live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let none = ClusterCapacityProviders {
            cluster_name: self.cluster_name.clone(),
            capacity_providers: None,
            default_capacity_provider_strategy: Set::default(),
            id: self.id.clone(),
        };
        match none.put(aws).await {
            Err(error) if error.is_missing() => Ok(()),
            done => done,
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl ClusterCapacityProviders {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = aws.ecs().put_cluster_capacity_providers().cluster(self.key());
        let names = self.capacity_providers.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        let shares = self.default_capacity_provider_strategy.iter().map(DefaultShare::sent);
        let call = call.set_capacity_providers(Some(names));
        let shares = shares.collect::<Result<Vec<_>>>()?;
        call.set_default_capacity_provider_strategy(Some(shares)).send().await.map_err(Error::from)?;
        Ok(())
    }
}

impl DefaultShare {
    fn sent(&self) -> Result<sdk::CapacityProviderStrategyItem> {
        let one = sdk::CapacityProviderStrategyItem::builder().capacity_provider(&self.capacity_provider);
        built(one.set_base(sent(&self.base)).set_weight(sent(&self.weight)).build())
    }
}

fn live(it: sdk::Cluster) -> Live<ClusterCapacityProviders> {
    let shares =
        it.default_capacity_provider_strategy.unwrap_or_default().into_iter().map(|it| DefaultShare {
            capacity_provider: it.capacity_provider,
            base: i64::from(it.base),
            weight: i64::from(it.weight),
        });
    // AWS is at work on them while it says so of attachments.
    let status = match it.attachments_status.as_deref() {
        Some(word @ "UPDATE_IN_PROGRESS") => Status::Pending(word.to_owned()),
        Some("UPDATE_FAILED") => Status::Failed("the capacity providers could not be set".to_owned()),
        _ => Status::Ready,
    };
    Live {
        key: seen(it.cluster_name.clone()),
        status,
        tags: None,
        unread: &[],
        attributes: ClusterCapacityProviders {
            cluster_name: seen(it.cluster_name.clone()),
            capacity_providers: Some(Set(it.capacity_providers.unwrap_or_default())),
            default_capacity_provider_strategy: shares.collect(),
            id: seen(it.cluster_name),
        },
    }
}
