//! The smaller blocks of a task definition.

use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::ecs::stated;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// Disk of a task on Fargate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// In GiB.
    #[schemars(range(min = 21, max = 200))]
    pub size_in_gib: Fixed<i64>,
}

/// An accelerator of Elastic Inference.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accelerator {
    /// By which containers name it.
    pub device_name: Fixed<String>,
    /// Such as `eia2.medium`.
    pub device_type: Fixed<String>,
}

/// On which machines it may run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// `memberOf`.
    #[schemars(extend("enum" = ["memberOf"]))]
    pub r#type: Fixed<String>,
    /// Which machines, in the cluster query language, such as `attribute:ecs.instance-type == t3.micro`.
    pub expression: Fixed<Option<String>>,
}

/// A proxy of App Mesh.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// The container that is the proxy.
    pub container_name: Fixed<String>,
    /// Its settings.
    pub properties: Fixed<Option<Tags>>,
    /// `APPMESH`.
    #[serde(default = "app_mesh")]
    #[schemars(extend("enum" = ["APPMESH"]))]
    pub r#type: Fixed<Option<String>>,
}

/// Operating system and processor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// `X86_64` or `ARM64`.
    #[schemars(extend("enum" = ["X86_64", "ARM64"]))]
    pub cpu_architecture: Fixed<Option<String>>,
    /// `LINUX`, or such as `WINDOWS_SERVER_2022_CORE`.
    #[schemars(extend("enum" = [
        "LINUX",
        "WINDOWS_SERVER_2004_CORE",
        "WINDOWS_SERVER_2016_FULL",
        "WINDOWS_SERVER_2019_CORE",
        "WINDOWS_SERVER_2019_FULL",
        "WINDOWS_SERVER_2022_CORE",
        "WINDOWS_SERVER_2022_FULL",
        "WINDOWS_SERVER_2025_CORE",
        "WINDOWS_SERVER_2025_FULL",
        "WINDOWS_SERVER_20H2_CORE",
    ]))]
    pub operating_system_family: Fixed<Option<String>>,
}

fn app_mesh() -> Fixed<Option<String>> {
    Fixed(Some("APPMESH".into()))
}

impl Storage {
    pub fn sent(&self) -> sdk::EphemeralStorage {
        sdk::EphemeralStorage::builder().set_size_in_gib(sent(&self.size_in_gib)).build()
    }
}

impl From<sdk::EphemeralStorage> for Storage {
    fn from(it: sdk::EphemeralStorage) -> Self {
        Storage { size_in_gib: Fixed(i64::from(it.size_in_gib)) }
    }
}

#[allow(deprecated, reason = "AWS gives no new ones, and the provider's attribute is there still")]
impl Accelerator {
    pub fn sent(&self) -> Result<sdk::InferenceAccelerator> {
        let one = sdk::InferenceAccelerator::builder().device_name(&**self.device_name);
        built(one.device_type(&**self.device_type).build())
    }
}

#[allow(deprecated, reason = "as above")]
impl From<sdk::InferenceAccelerator> for Accelerator {
    fn from(it: sdk::InferenceAccelerator) -> Self {
        Accelerator { device_name: Fixed(it.device_name), device_type: Fixed(it.device_type) }
    }
}

impl Placement {
    pub fn sent(&self) -> sdk::TaskDefinitionPlacementConstraint {
        let one = sdk::TaskDefinitionPlacementConstraint::builder().r#type(self.r#type.as_str().into());
        one.set_expression(stated(&self.expression)).build()
    }
}

impl From<sdk::TaskDefinitionPlacementConstraint> for Placement {
    fn from(it: sdk::TaskDefinitionPlacementConstraint) -> Self {
        Placement { r#type: seen(it.r#type), expression: Fixed(it.expression) }
    }
}

impl Proxy {
    pub fn sent(&self) -> Result<sdk::ProxyConfiguration> {
        let properties = self.properties.iter().flatten();
        let properties =
            properties.map(|(k, v)| sdk::KeyValuePair::builder().name(k).value(v).build()).collect();
        let one = sdk::ProxyConfiguration::builder().container_name(&**self.container_name);
        built(one.set_type(sent(&self.r#type)).set_properties(Some(properties)).build())
    }
}

impl From<sdk::ProxyConfiguration> for Proxy {
    fn from(it: sdk::ProxyConfiguration) -> Self {
        let properties = it.properties.unwrap_or_default().into_iter();
        let properties = properties.map(|it| (it.name.unwrap_or_default(), it.value.unwrap_or_default()));
        Proxy {
            container_name: Fixed(it.container_name),
            properties: Fixed(Some(properties.collect())),
            r#type: seen(it.r#type),
        }
    }
}

impl Platform {
    pub fn sent(&self) -> sdk::RuntimePlatform {
        sdk::RuntimePlatform::builder()
            .set_cpu_architecture(stated(&self.cpu_architecture).map(|it| it.as_str().into()))
            .set_operating_system_family(stated(&self.operating_system_family).map(|it| it.as_str().into()))
            .build()
    }

    /// Nothing where the answer says nothing.
    pub fn seen(it: sdk::RuntimePlatform) -> Option<Platform> {
        let said = it.cpu_architecture.is_some() || it.operating_system_family.is_some();
        said.then(|| Platform {
            cpu_architecture: seen(it.cpu_architecture),
            operating_system_family: seen(it.operating_system_family),
        })
    }
}
