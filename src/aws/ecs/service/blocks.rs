//! The smaller blocks of a service.

use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::ecs::stated;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// Who rolls out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    #[serde(default = "ecs")]
    #[schemars(extend("enum" = ["ECS", "CODE_DEPLOY", "EXTERNAL"]))]
    pub r#type: Fixed<Option<String>>,
}

/// Giving up deployments that do not come up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    /// Whether they are given up.
    pub enable: bool,
    /// Whether the tasks of before are started again.
    pub rollback: bool,
}

/// Alarms that stop a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    /// Names of alarms of CloudWatch.
    pub alarm_names: Set<String>,
    /// Whether they are looked at.
    pub enable: bool,
    /// Whether the tasks of before are started again.
    pub rollback: bool,
}

/// How many of the tasks go to one capacity provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Its name.
    pub capacity_provider: String,
    /// So many tasks at least, before any go elsewhere. One of them may have a base.
    #[schemars(range(min = 0, max = 100_000))]
    pub base: Option<i64>,
    /// Its part of the rest, in proportion to the weights of the others.
    #[schemars(range(min = 0, max = 1000))]
    pub weight: Option<i64>,
}

/// Where tasks are in the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Ids of subnets.
    pub subnets: Set<String>,
    /// Ids of security groups; else the VPC's own.
    pub security_groups: Option<Set<String>>,
    /// Whether tasks get public addresses. On Fargate only.
    #[serde(default)]
    pub assign_public_ip: bool,
}

/// A target group, or a classic load balancer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balancer {
    /// The container that answers.
    pub container_name: String,
    /// The port that it answers at.
    #[schemars(range(min = 0, max = 65_536))]
    pub container_port: i64,
    /// The target group's ARN.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub target_group_arn: Option<String>,
    /// The classic load balancer's name.
    pub elb_name: Option<String>,
}

/// A service in Cloud Map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// ARN of the service in Cloud Map.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub registry_arn: String,
    /// The port that is entered in `SRV` records.
    #[schemars(range(min = 0, max = 65_536))]
    pub port: Option<i64>,
    /// The container that answers, where tasks share the network of their machine.
    pub container_name: Option<String>,
    /// Its port.
    #[schemars(range(min = 0, max = 65_536))]
    pub container_port: Option<i64>,
}

/// A target group of VPC Lattice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lattice {
    /// The name of a port in the task definition.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[0-9a-z_][0-9a-z_-]*$"))]
    pub port_name: String,
    /// ARN of the role by which ECS enters tasks.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub role_arn: String,
    /// The target group's ARN.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub target_group_arn: String,
}

/// On which machines tasks go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    /// `spread` evenly, `binpack` on as few machines as possible, or `random`.
    #[schemars(extend("enum" = ["random", "spread", "binpack"]))]
    pub r#type: String,
    /// Over what: for `spread` such as `instanceId` or `attribute:ecs.availability-zone`, for `binpack` `cpu` or
    /// `memory`.
    pub field: Option<String>,
}

/// On which machines tasks may go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// `distinctInstance`, or `memberOf` what `expression` says.
    #[schemars(extend("enum" = ["distinctInstance", "memberOf"]))]
    pub r#type: String,
    /// Which machines, in the cluster query language.
    pub expression: Option<String>,
}

fn ecs() -> Fixed<Option<String>> {
    Fixed(Some("ECS".into()))
}

crate::mirror!(Registry = sdk::ServiceRegistry { registry_arn, port, container_name, container_port });
crate::mirror!(Constraint = sdk::PlacementConstraint { r#type, expression });

/// What says something: an empty text and a zero are none.
fn number(it: Option<i64>) -> Option<i32> {
    it.filter(|it| *it != 0).and_then(|it| sent(&it))
}

impl Registry {
    pub fn sent(&self) -> sdk::ServiceRegistry {
        sdk::ServiceRegistry::builder()
            .registry_arn(&self.registry_arn)
            .set_port(number(self.port))
            .set_container_name(stated(&self.container_name))
            .set_container_port(number(self.container_port))
            .build()
    }
}

impl Constraint {
    pub fn sent(&self) -> sdk::PlacementConstraint {
        let one = sdk::PlacementConstraint::builder().r#type(self.r#type.as_str().into());
        one.set_expression(stated(&self.expression)).build()
    }
}

impl Controller {
    pub fn sent(&self) -> Result<sdk::DeploymentController> {
        let word = self.r#type.as_deref().unwrap_or("ECS");
        built(sdk::DeploymentController::builder().r#type(word.into()).build())
    }
}

impl Breaker {
    pub fn sent(&self) -> sdk::DeploymentCircuitBreaker {
        sdk::DeploymentCircuitBreaker::builder().enable(self.enable).rollback(self.rollback).build()
    }
}

impl Alarms {
    pub fn sent(&self) -> Result<sdk::DeploymentAlarms> {
        let one = sdk::DeploymentAlarms::builder().set_alarm_names(Some(self.alarm_names.0.clone()));
        built(one.enable(self.enable).rollback(self.rollback).build())
    }
}

impl Share {
    pub fn sent(&self) -> Result<sdk::CapacityProviderStrategyItem> {
        let one = sdk::CapacityProviderStrategyItem::builder().capacity_provider(&self.capacity_provider);
        let (base, weight) = (self.base.unwrap_or_default(), self.weight.unwrap_or_default());
        built(one.set_base(sent(&base)).set_weight(sent(&weight)).build())
    }
}

impl From<sdk::CapacityProviderStrategyItem> for Share {
    fn from(it: sdk::CapacityProviderStrategyItem) -> Self {
        Share {
            capacity_provider: it.capacity_provider,
            base: Some(i64::from(it.base)),
            weight: Some(i64::from(it.weight)),
        }
    }
}

impl Network {
    pub fn sent(&self) -> Result<sdk::NetworkConfiguration> {
        use sdk::AssignPublicIp::{Disabled, Enabled};
        let groups = self.security_groups.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        let one = sdk::AwsVpcConfiguration::builder().set_subnets(Some(self.subnets.0.clone()));
        let one = one.assign_public_ip(if self.assign_public_ip { Enabled } else { Disabled });
        let one = built(one.set_security_groups(Some(groups)).build())?;
        Ok(sdk::NetworkConfiguration::builder().awsvpc_configuration(one).build())
    }

    pub fn seen(it: sdk::NetworkConfiguration) -> Option<Network> {
        let it = it.awsvpc_configuration?;
        Some(Network {
            subnets: Set(it.subnets),
            security_groups: Some(Set(it.security_groups.unwrap_or_default())),
            assign_public_ip: it.assign_public_ip == Some(sdk::AssignPublicIp::Enabled),
        })
    }
}

impl Balancer {
    pub fn sent(&self) -> sdk::LoadBalancer {
        sdk::LoadBalancer::builder()
            .container_name(&self.container_name)
            .set_container_port(sent(&self.container_port))
            .set_target_group_arn(stated(&self.target_group_arn))
            .set_load_balancer_name(stated(&self.elb_name))
            .build()
    }
}

impl From<sdk::LoadBalancer> for Balancer {
    fn from(it: sdk::LoadBalancer) -> Self {
        Balancer {
            container_name: seen(it.container_name),
            container_port: seen(it.container_port),
            target_group_arn: it.target_group_arn,
            elb_name: it.load_balancer_name,
        }
    }
}

impl Lattice {
    pub fn sent(&self) -> Result<sdk::VpcLatticeConfiguration> {
        let one = sdk::VpcLatticeConfiguration::builder().port_name(&self.port_name);
        built(one.role_arn(&self.role_arn).target_group_arn(&self.target_group_arn).build())
    }
}

impl From<sdk::VpcLatticeConfiguration> for Lattice {
    fn from(it: sdk::VpcLatticeConfiguration) -> Self {
        Lattice { port_name: it.port_name, role_arn: it.role_arn, target_group_arn: it.target_group_arn }
    }
}

impl Strategy {
    pub fn sent(&self) -> sdk::PlacementStrategy {
        let field = stated(&self.field).map(|it| if it == "host" { "instanceId".to_owned() } else { it });
        sdk::PlacementStrategy::builder().r#type(self.r#type.as_str().into()).set_field(field).build()
    }
}

impl From<sdk::PlacementStrategy> for Strategy {
    fn from(it: sdk::PlacementStrategy) -> Self {
        // It takes them in small letters, and shows them in large ones.
        let field = it.field.map(|it| if ["MEMORY", "CPU"].contains(&&*it) { it.to_lowercase() } else { it });
        Strategy { r#type: seen(it.r#type), field }
    }
}
