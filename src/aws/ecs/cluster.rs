use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ECS, blockers, clusters, name_of, seen_tags, sent_tags};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A place where services and tasks run.
///
/// ```toml
/// [aws_ecs_cluster.main]
/// name = "shop"
/// setting = [{ name = "containerInsights", value = "enabled" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Unique in the account and region: letters, digits, `-` and `_`.
    #[schemars(length(min = 1, max = 255), regex(pattern = r"^[0-9A-Za-z_-]+$"))]
    pub name: Fixed<String>,
    /// Shells in containers, and encryption of storage.
    #[serde(default)]
    pub configuration: One<Configuration>,
    /// The namespace in which services find each other where they do not say one.
    #[serde(default)]
    pub service_connect_defaults: One<ConnectDefaults>,
    /// Settings such as `containerInsights`.
    pub setting: Chosen<Set<Setting>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The cluster's ARN.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
}

/// Shells in containers, and encryption of storage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// What becomes of sessions of `aws ecs execute-command`.
    #[serde(default)]
    pub execute_command_configuration: One<ExecuteCommand>,
    /// With which keys AWS encrypts storage that it manages.
    #[serde(default)]
    pub managed_storage_configuration: One<ManagedStorage>,
}

/// What becomes of sessions of `aws ecs execute-command`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExecuteCommand {
    /// The KMS key that encrypts what goes between the shell and the container.
    pub kms_key_id: Option<String>,
    /// Where they are logged: `NONE`, `DEFAULT` as the container's own output, `OVERRIDE` as
    /// `log_configuration` says.
    #[serde(default = "default_logging")]
    #[schemars(extend("enum" = ["NONE", "DEFAULT", "OVERRIDE"]))]
    pub logging: Option<String>,
    /// Where to, for `OVERRIDE`.
    #[serde(default)]
    pub log_configuration: One<CommandLog>,
}

/// Where sessions are logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandLog {
    /// Whether what goes to CloudWatch is encrypted.
    pub cloud_watch_encryption_enabled: Option<bool>,
    /// The group of logs in CloudWatch.
    pub cloud_watch_log_group_name: Option<String>,
    /// Whether what goes to S3 is encrypted.
    pub s3_bucket_encryption_enabled: Option<bool>,
    /// The bucket.
    pub s3_bucket_name: Option<String>,
    /// The folder in the bucket.
    pub s3_key_prefix: Option<String>,
}

/// Keys of storage that AWS manages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagedStorage {
    /// The KMS key of what tasks on Fargate store while they run.
    pub fargate_ephemeral_storage_kms_key_id: Option<String>,
    /// The KMS key of volumes that AWS manages.
    pub kms_key_id: Option<String>,
}

/// The namespace that services use where they do not say one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectDefaults {
    /// ARN of the namespace in Cloud Map.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub namespace: String,
}

/// A setting of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// `containerInsights`.
    #[schemars(extend("enum" = ["containerInsights"]))]
    pub name: String,
    /// `enabled`, `enhanced` or `disabled`.
    pub value: String,
}

fn default_logging() -> Option<String> {
    Some("DEFAULT".into())
}

crate::mirror!(
    ManagedStorage = sdk::ManagedStorageConfiguration { fargate_ephemeral_storage_kms_key_id, kms_key_id }
);
crate::mirror!(Setting = sdk::ClusterSetting { name, value });

impl Resource for Cluster {
    const TYPE: &'static str = "aws_ecs_cluster";
    const IMPORT: &'static [&'static str] = &["shop"];
    const TAGS: TagApi = TagApi::Ecs;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ecs:DescribeClusters", super::MANY).pooled()],
        "a call takes 100 names, and tells of capacity providers too",
    );
    const BATCH: usize = 1000; // pages of 100
    const CREATE_SECONDS: u32 = 10;
    const PASSING: &'static [&'static [Passing]] = &[
        ECS,
        &[
            Passing::in_use("ClusterContainsContainerInstancesException"),
            Passing::in_use("ClusterContainsServicesException"),
            Passing::in_use("ClusterContainsTasksException"),
            // Taking capacity providers off goes on for a while after the answer.
            Passing::in_use("ClientException").saying("Capacity Providers are attached to the cluster"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.name.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(name_of(id).to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let mut found = clusters(aws, names).await?;
        Ok(names.iter().filter_map(|it| found.remove(it)).map(Live::from).collect())
    }

    // A second create of the same name gives the cluster that is there.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ecs().create_cluster().cluster_name(&**self.name).set_tags(sent_tags(&new.tags));
        let call = call.set_configuration(self.configuration.as_ref().map(sdk::ClusterConfiguration::from));
        let call = call.set_service_connect_defaults(self.connect_defaults()?).set_settings(self.settings());
        let answer = call.send().await?;
        answer.cluster.and_then(|it| it.cluster_name).ok_or(Error::Incomplete("the cluster's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let call = aws.ecs().update_cluster().cluster(was.arn_or_name());
        let call = call.set_configuration(self.configuration.as_ref().map(sdk::ClusterConfiguration::from));
        let call = call.set_service_connect_defaults(self.connect_defaults()?);
        call.set_settings(self.settings()).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ecs().delete_cluster().cluster(self.arn_or_name()).send().await?;
        Ok(())
    }

    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_cluster(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

impl Cluster {
    /// Its ARN, once it is known.
    fn arn_or_name(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    fn connect_defaults(&self) -> Result<Option<sdk::ClusterServiceConnectDefaultsRequest>> {
        let one = self.service_connect_defaults.as_ref().map(|it| {
            built(sdk::ClusterServiceConnectDefaultsRequest::builder().namespace(&it.namespace).build())
        });
        one.transpose()
    }

    fn settings(&self) -> Option<Vec<sdk::ClusterSetting>> {
        let all: Vec<_> = self.setting.iter().map(sdk::ClusterSetting::from).collect();
        (!all.is_empty()).then_some(all)
    }
}

impl From<&Configuration> for sdk::ClusterConfiguration {
    fn from(it: &Configuration) -> Self {
        let command = it.execute_command_configuration.as_ref().map(sdk::ExecuteCommandConfiguration::from);
        let storage = it.managed_storage_configuration.as_ref().map(sdk::ManagedStorageConfiguration::from);
        let one = sdk::ClusterConfiguration::builder().set_execute_command_configuration(command);
        one.set_managed_storage_configuration(storage).build()
    }
}

impl From<sdk::ClusterConfiguration> for Configuration {
    fn from(it: sdk::ClusterConfiguration) -> Self {
        Configuration {
            execute_command_configuration: One(it.execute_command_configuration.map(ExecuteCommand::from)),
            managed_storage_configuration: One(it.managed_storage_configuration.map(ManagedStorage::from)),
        }
    }
}

impl From<&ExecuteCommand> for sdk::ExecuteCommandConfiguration {
    fn from(it: &ExecuteCommand) -> Self {
        let log = it.log_configuration.as_ref().map(|it| {
            sdk::ExecuteCommandLogConfiguration::builder()
                .cloud_watch_encryption_enabled(it.cloud_watch_encryption_enabled.unwrap_or_default())
                .set_cloud_watch_log_group_name(super::stated(&it.cloud_watch_log_group_name))
                .s3_encryption_enabled(it.s3_bucket_encryption_enabled.unwrap_or_default())
                .set_s3_bucket_name(super::stated(&it.s3_bucket_name))
                .set_s3_key_prefix(super::stated(&it.s3_key_prefix))
                .build()
        });
        let one = sdk::ExecuteCommandConfiguration::builder().set_kms_key_id(super::stated(&it.kms_key_id));
        one.set_logging(sent(&it.logging)).set_log_configuration(log).build()
    }
}

impl From<sdk::ExecuteCommandConfiguration> for ExecuteCommand {
    fn from(it: sdk::ExecuteCommandConfiguration) -> Self {
        let log = it.log_configuration.map(|it| CommandLog {
            cloud_watch_encryption_enabled: Some(it.cloud_watch_encryption_enabled),
            cloud_watch_log_group_name: it.cloud_watch_log_group_name,
            s3_bucket_encryption_enabled: Some(it.s3_encryption_enabled),
            s3_bucket_name: it.s3_bucket_name,
            s3_key_prefix: it.s3_key_prefix,
        });
        ExecuteCommand { kms_key_id: it.kms_key_id, logging: seen(it.logging), log_configuration: One(log) }
    }
}

impl From<sdk::Cluster> for Live<Cluster> {
    fn from(it: sdk::Cluster) -> Self {
        let status = match it.status.as_deref() {
            None | Some("ACTIVE") => Status::Ready,
            Some("FAILED") => Status::Failed("AWS calls the cluster `FAILED`".to_owned()),
            Some(word) => Status::Pending(word.to_owned()),
        };
        let defaults = it.service_connect_defaults.and_then(|it| it.namespace);
        Live {
            key: seen(it.cluster_name.clone()),
            status,
            tags: Some(seen_tags(it.tags)),
            unread: &[],
            attributes: Cluster {
                name: seen(it.cluster_name),
                configuration: One(it.configuration.map(Configuration::from)),
                service_connect_defaults: One(defaults.map(|namespace| ConnectDefaults { namespace })),
                setting: Chosen(it.settings.unwrap_or_default().into_iter().map(Setting::from).collect()),
                tags: None,
                tags_all: Chosen::default(),
                id: seen(it.cluster_arn.clone()),
                arn: seen(it.cluster_arn),
            },
        }
    }
}
