//! Everything that talks to AWS: one [`Aws`] per provider configuration, and the registry of types.

pub mod acm;
pub mod appautoscaling;
pub mod autoscaling;
pub mod blocks;
pub mod cloudfront;
pub mod cloudwatch;
pub mod connect;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod eks;
pub mod elasticache;
pub mod elbv2;
mod error;
pub mod iam;
pub mod kms;
pub mod logs;
pub mod meta;
pub mod moment;
pub mod pages;
pub mod rds;
pub mod requirements;
pub mod route53;
pub mod s3;
pub mod secrets;
pub mod servicediscovery;
pub mod shape;
mod share;
pub mod sns;
pub mod sqs;
pub mod ssm;
pub mod sts;
pub mod tags;

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use aws_config::SdkConfig;
use tokio::sync::OnceCell;

pub use connect::retry::once;
pub use error::{Error, Result};
pub use tags::TagApi;

use crate::kind::{Data, Erased, Kind};
use crate::resource::Tags;

macro_rules! all {
    ($($it:ty $(as $alias:literal)?,)*) => {
        &[$({
            static IT: Erased<$it> = all!(@ $($alias)?);
            &IT
        },)*]
    };
    (@) => { Erased::new() };
    (@ $alias:literal) => { Erased::named($alias) };
}

/// Every resource type, sorted by Terraform name. Adding one is a file, its `mod` line and a line here.
pub static RESOURCES: &[&dyn Kind] = all![
    acm::certificate::Certificate,
    acm::validation::Validation,
    elbv2::load_balancer::LoadBalancer as "aws_alb",
    elbv2::listener::Listener as "aws_alb_listener",
    elbv2::listener_certificate::ListenerCertificate as "aws_alb_listener_certificate",
    elbv2::listener_rule::ListenerRule as "aws_alb_listener_rule",
    elbv2::target_group::TargetGroup as "aws_alb_target_group",
    elbv2::target_group_attachment::TargetGroupAttachment as "aws_alb_target_group_attachment",
    appautoscaling::policy::Policy,
    appautoscaling::scheduled_action::ScheduledAction,
    appautoscaling::target::Target,
    autoscaling::attachment::Attachment,
    autoscaling::group::Group,
    autoscaling::policy::Policy,
    autoscaling::schedule::Schedule,
    cloudfront::cache_policy::CachePolicy,
    cloudfront::distribution::Distribution,
    cloudfront::function::Function,
    cloudfront::origin_access_control::OriginAccessControl,
    cloudfront::origin_access_identity::OriginAccessIdentity,
    cloudfront::origin_request_policy::OriginRequestPolicy,
    cloudfront::response_headers_policy::ResponseHeadersPolicy,
    cloudwatch::dashboard::Dashboard,
    logs::log_group::LogGroup,
    logs::metric_filter::MetricFilter,
    logs::resource_policy::ResourcePolicy,
    logs::log_stream::LogStream,
    cloudwatch::alarm::Alarm,
    rds::instance::Instance,
    rds::option_group::OptionGroup,
    rds::parameter_group::ParameterGroup,
    rds::subnet_group::SubnetGroup,
    ec2::default_route_table::DefaultRouteTable,
    ec2::default_security_group::DefaultSecurityGroup,
    dynamodb::table::Table,
    dynamodb::table_item::TableItem,
    ec2::ebs_volume::EbsVolume,
    ec2::managed_prefix_list::ManagedPrefixList,
    ec2::tag::Tag,
    ecr::lifecycle_policy::LifecyclePolicy,
    ecr::repository::Repository,
    ecr::repository_policy::RepositoryPolicy,
    ecs::capacity_provider::CapacityProvider,
    ecs::cluster::Cluster,
    ecs::cluster_capacity_providers::ClusterCapacityProviders,
    ecs::service::Service,
    ecs::task_definition::TaskDefinition,
    ec2::eip::Eip,
    eks::access_entry::AccessEntry,
    eks::access_policy_association::AccessPolicyAssociation,
    eks::addon::Addon,
    eks::cluster::Cluster,
    eks::fargate_profile::FargateProfile,
    eks::node_group::NodeGroup,
    eks::pod_identity_association::PodIdentityAssociation,
    elasticache::cluster::Cluster,
    elasticache::parameter_group::ParameterGroup,
    elasticache::replication_group::ReplicationGroup,
    elasticache::subnet_group::SubnetGroup,
    ec2::flow_log::FlowLog,
    iam::access_key::AccessKey,
    iam::group::Group,
    iam::instance_profile::InstanceProfile,
    iam::openid_connect_provider::OpenIdConnectProvider,
    iam::policy::Policy,
    iam::policy_attachment::PolicyAttachment,
    iam::role::Role,
    iam::role_policy::RolePolicy,
    iam::role_policy_attachment::RolePolicyAttachment,
    iam::service_linked_role::ServiceLinkedRole,
    iam::user::User,
    iam::user_policy::UserPolicy,
    iam::user_policy_attachment::UserPolicyAttachment,
    ec2::instance::Instance,
    ec2::internet_gateway::InternetGateway,
    ec2::key_pair::KeyPair,
    kms::alias::Alias,
    kms::key::Key,
    autoscaling::launch_configuration::LaunchConfiguration,
    ec2::launch_template::LaunchTemplate,
    elbv2::load_balancer::LoadBalancer,
    elbv2::listener::Listener,
    elbv2::listener_certificate::ListenerCertificate,
    elbv2::listener_rule::ListenerRule,
    elbv2::target_group::TargetGroup,
    elbv2::target_group_attachment::TargetGroupAttachment,
    ec2::nat_gateway::NatGateway,
    ec2::network_acl::NetworkAcl,
    ec2::network_interface::NetworkInterface,
    ec2::placement_group::PlacementGroup,
    rds::cluster::Cluster,
    rds::cluster_instance::ClusterInstance,
    rds::cluster_parameter_group::ClusterParameterGroup,
    ec2::route::Route,
    route53::health_check::HealthCheck,
    route53::record::Record,
    route53::zone::Zone,
    route53::zone_association::ZoneAssociation,
    ec2::route_table::RouteTable,
    ec2::route_table_association::RouteTableAssociation,
    s3::bucket::Bucket,
    s3::acl::BucketAcl,
    s3::cors::BucketCors,
    s3::lifecycle::Lifecycle,
    s3::logging::BucketLogging,
    s3::notification::BucketNotification,
    s3::bucket_object::BucketObject,
    s3::ownership_controls::OwnershipControls,
    s3::bucket_policy::BucketPolicy,
    s3::public_access_block::PublicAccessBlock,
    s3::replication::BucketReplication,
    s3::encryption::BucketEncryption,
    s3::versioning::Versioning,
    s3::website::BucketWebsite,
    s3::object::Object,
    secrets::secret::Secret,
    secrets::secret_version::SecretVersion,
    ec2::security_group::SecurityGroup,
    ec2::rule::Rule,
    servicediscovery::private_dns_namespace::PrivateDnsNamespace,
    servicediscovery::service::Service,
    sns::topic::Topic,
    sns::topic_policy::TopicPolicy,
    sns::subscription::Subscription,
    sqs::queue::Queue,
    sqs::queue_policy::QueuePolicy,
    sqs::queue_redrive_policy::QueueRedrivePolicy,
    ssm::parameter::Parameter,
    ec2::subnet::Subnet,
    ec2::volume_attachment::VolumeAttachment,
    ec2::vpc::Vpc,
    ec2::dhcp_options::DhcpOptions,
    ec2::endpoint::Endpoint,
    ec2::peering_connection::PeeringConnection,
    ec2::security_group_rule::Egress,
    ec2::security_group_rule::Ingress,
];

/// Every data source, sorted by Terraform name.
pub static DATA_SOURCES: &[&dyn Data] = all![
    acm::lookup::Certificate,
    elbv2::lookup::load_balancer::LoadBalancer as "aws_alb",
    ec2::lookup::ami::Ami,
    meta::arn::Arn,
    autoscaling::lookup::Group,
    ec2::availability_zones::AvailabilityZones,
    sts::caller_identity::CallerIdentity,
    cloudfront::lookup::cache_policy::CachePolicy,
    cloudfront::lookup::distribution::Distribution,
    cloudfront::lookup::function::Function,
    cloudfront::lookup::origin_access_control::OriginAccessControl,
    cloudfront::lookup::origin_access_identity::OriginAccessIdentity,
    cloudfront::lookup::origin_request_policy::OriginRequestPolicy,
    cloudfront::lookup::response_headers_policy::ResponseHeadersPolicy,
    logs::lookup::LogGroup,
    rds::lookup::instance::Instance,
    rds::lookup::parameter_group::ParameterGroup,
    rds::lookup::subnet_group::SubnetGroup,
    meta::default_tags::DefaultTags,
    dynamodb::lookup::table::Table,
    dynamodb::lookup::table_item::TableItem,
    ec2::lookup::volume::Volume,
    ec2::lookup::managed_prefix_list::ManagedPrefixList,
    ecr::lookup::Repository,
    ecs::lookup::cluster::Cluster,
    ecs::lookup::service::Service,
    ecs::lookup::task_definition::TaskDefinition,
    ec2::lookup::eip::Eip,
    eks::lookup::access_entry::AccessEntry,
    eks::lookup::addon::Addon,
    eks::lookup::cluster::Cluster,
    eks::lookup::cluster_auth::ClusterAuth,
    eks::lookup::node_group::NodeGroup,
    elasticache::lookup::cluster::Cluster,
    elasticache::lookup::replication_group::ReplicationGroup,
    elasticache::lookup::subnet_group::SubnetGroup,
    meta::elb_service_account::ElbServiceAccount,
    iam::lookup::group::Group,
    iam::lookup::instance_profile::InstanceProfile,
    iam::lookup::openid_connect_provider::OpenIdConnectProvider,
    iam::lookup::policy::Policy,
    iam::policy_document::PolicyDocument,
    iam::lookup::role::Role,
    iam::lookup::roles::Roles,
    iam::lookup::user::User,
    ec2::lookup::instance::Instance,
    ec2::lookup::internet_gateway::InternetGateway,
    ec2::lookup::key_pair::KeyPair,
    kms::lookup::alias::Alias,
    kms::lookup::key::Key,
    ec2::lookup::launch_template::LaunchTemplate,
    elbv2::lookup::load_balancer::LoadBalancer,
    elbv2::lookup::listener::Listener,
    elbv2::lookup::listener_rule::ListenerRule,
    elbv2::lookup::target_group::TargetGroup,
    ec2::lookup::nat_gateway::NatGateway,
    ec2::lookup::network_interface::NetworkInterface,
    meta::partition::Partition,
    ec2::lookup::prefix_list::PrefixList,
    rds::lookup::cluster::Cluster,
    rds::lookup::cluster_parameter_group::ClusterParameterGroup,
    meta::region::Region,
    ec2::lookup::route::Route,
    route53::lookup::Zone,
    ec2::lookup::route_table::RouteTable,
    s3::lookup::bucket::Bucket,
    s3::lookup::object::Object,
    secrets::lookup::secret::Secret,
    secrets::lookup::secret_version::SecretVersion,
    ec2::lookup::security_group::SecurityGroup,
    servicediscovery::lookup::Service,
    meta::service_principal::ServicePrincipal,
    sqs::lookup::Queue,
    ssm::lookup::Parameter,
    ec2::lookup::subnet::Subnet,
    ec2::lookup::subnets::Subnets,
    ec2::lookup::vpc::Vpc,
    ec2::lookup::dhcp_options::DhcpOptions,
    ec2::lookup::endpoint::Endpoint,
    ec2::lookup::peering_connection::PeeringConnection,
];

/// One provider configuration's view of AWS: a region of an account. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    inner: Rc<Inner>,
    exact: bool,
    completes: bool,
    /// What the provider configuration labels everything with.
    default_tags: Rc<Tags>,
}

struct Inner {
    config: SdkConfig,
    region: String,
    /// Path-style addresses for S3: emulators and custom endpoints need them.
    path_style: bool,
    /// Addresses of single services, by the name of the client's method.
    endpoints: BTreeMap<String, String>,
    tracer: connect::trace::Tracer,
    clients: Clients,
    s3: std::cell::OnceCell<aws_sdk_s3::Client>,
    /// Asked for once, whatever the region.
    account: Rc<OnceCell<Account>>,
    memo: RefCell<HashMap<String, Rc<Answer>>>,
}

/// An answer that is asked for once.
type Answer = OnceCell<Rc<dyn Any>>;

/// Whose credentials these are.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub arn: String,
    pub user_id: String,
}

/// A service's configuration with our retries, counting and endpoints.
macro_rules! configured {
    ($sdk:ident, $inner:expr, $name:expr) => {{
        let mut config = $sdk::config::Builder::from(&$inner.config)
            .retry_partition($crate::aws::connect::retry::partition($name))
            .retry_classifier($crate::aws::connect::retry::Classifier)
            .interceptor($inner.tracer.clone());
        if let Some(endpoint) = $inner.endpoints.get($name) {
            config = config.endpoint_url(endpoint);
        }
        config
    }};
}
use configured;

macro_rules! clients {
    ($($name:ident: $sdk:ident),* $(,)?) => {
        #[derive(Default)]
        struct Clients {
            $($name: std::cell::OnceCell<$sdk::Client>,)*
        }
        impl Aws {
            $(
                /// The service's client, made on first use.
                pub fn $name(&self) -> &$sdk::Client {
                    self.inner.clients.$name.get_or_init(|| {
                        let config = configured!($sdk, self.inner, stringify!($name));
                        $sdk::Client::from_conf(config.build())
                    })
                }
            )*
        }
    };
}

clients! {
    acm: aws_sdk_acm,
    appautoscaling: aws_sdk_applicationautoscaling,
    autoscaling: aws_sdk_autoscaling,
    cloudfront: aws_sdk_cloudfront,
    cloudwatch: aws_sdk_cloudwatch,
    dynamodb: aws_sdk_dynamodb,
    ec2: aws_sdk_ec2,
    ecr: aws_sdk_ecr,
    ecs: aws_sdk_ecs,
    eks: aws_sdk_eks,
    elasticache: aws_sdk_elasticache,
    elbv2: aws_sdk_elasticloadbalancingv2,
    iam: aws_sdk_iam,
    kms: aws_sdk_kms,
    logs: aws_sdk_cloudwatchlogs,
    rds: aws_sdk_rds,
    route53: aws_sdk_route53,
    secrets: aws_sdk_secretsmanager,
    servicediscovery: aws_sdk_servicediscovery,
    sns: aws_sdk_sns,
    sqs: aws_sdk_sqs,
    ssm: aws_sdk_ssm,
    sts: aws_sdk_sts,
    tagging: aws_sdk_resourcegroupstagging,
}

impl Aws {
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// `aws`, `aws-cn` or `aws-us-gov`: the first part of this region's ARNs.
    pub fn partition(&self) -> &'static str {
        partition_of(self.region())
    }

    /// `amazonaws.com`, or `amazonaws.com.cn` in China.
    pub fn dns_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }

    /// The same account in another region, with the credentials that are there already.
    pub fn in_region(&self, region: &str) -> Aws {
        let here = &self.inner;
        let config = here.config.to_builder().region(aws_config::Region::new(region.to_owned())).build();
        let inner = Inner {
            config,
            region: region.to_owned(),
            path_style: here.path_style,
            endpoints: here.endpoints.clone(),
            tracer: here.tracer.clone(),
            clients: Clients::default(),
            s3: std::cell::OnceCell::new(),
            account: here.account.clone(),
            memo: RefCell::default(),
        };
        Aws { inner: Rc::new(inner), ..self.clone() }
    }

    /// Makes a call that is not made again where no answer came: [`once`].
    pub fn unrepeated<F: Future>(&self, call: F) -> impl Future<Output = F::Output> {
        once(call)
    }

    /// What time it is at AWS, or a little earlier: seconds since 1970.
    pub fn now(&self) -> i64 {
        connect::clock::not_before()
    }

    /// How often each operation was called so far, retries included.
    pub fn calls(&self) -> connect::trace::Calls {
        self.inner.tracer.calls()
    }

    /// Asked once.
    pub async fn account(&self) -> Result<&Account> {
        let ask = || async {
            let it = self.sts().get_caller_identity().send().await?;
            Ok(Account {
                id: it.account.unwrap_or_default(),
                arn: it.arn.unwrap_or_default(),
                user_id: it.user_id.unwrap_or_default(),
            })
        };
        self.inner.account.get_or_try_init(ask).await
    }

    /// An ARN in this region and account, such as `arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1`.
    pub async fn arn(&self, service: &str, resource: &str) -> Result<String> {
        let account = &self.account().await?.id;
        Ok(format!("arn:{}:{service}:{}:{account}:{resource}", self.partition(), self.region()))
    }

    /// Whether reads must ask the service itself about each thing, now. Otherwise (during a refresh)
    /// they may use batch sources that lag, and share answers through [`Aws::once`].
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// The same, with [`Aws::exact`] set or not.
    pub fn exactly(&self, exact: bool) -> Aws {
        Aws { exact, ..self.clone() }
    }

    /// Whether an update is the second half of a create: what it changes was made by this very apply, and is
    /// nobody's yet.
    pub fn completes(&self) -> bool {
        self.completes
    }

    /// The same, with [`Aws::completes`] set or not.
    pub fn completing(&self, completes: bool) -> Aws {
        Aws { completes, ..self.clone() }
    }

    /// The labels that the provider configuration gives to every resource.
    pub fn default_tags(&self) -> &Tags {
        &self.default_tags
    }

    /// The same, with these as [`Aws::default_tags`].
    pub fn labelling(self, tags: Tags) -> Aws {
        Aws { default_tags: Rc::new(tags), ..self }
    }
}

fn partition_of(region: &str) -> &'static str {
    match region {
        it if it.starts_with("cn-") => "aws-cn",
        it if it.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
