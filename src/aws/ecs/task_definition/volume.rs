//! What containers of a task mount.

use aws_sdk_ecs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::ecs::stated;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// Something that containers mount.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// By which `mountPoints` of a container name it.
    pub name: Fixed<String>,
    /// A folder of the machine.
    pub host_path: Fixed<Option<String>>,
    /// Whether a service or task says what it is (`volume_configuration`).
    pub configure_at_launch: Chosen<Fixed<Option<bool>>>,
    /// A volume of Docker's.
    #[serde(default)]
    pub docker_volume_configuration: Fixed<One<Docker>>,
    /// A file system of EFS.
    #[serde(default)]
    pub efs_volume_configuration: Fixed<One<Efs>>,
    /// A file system of FSx for Windows.
    #[serde(default)]
    pub fsx_windows_file_server_volume_configuration: Fixed<One<Fsx>>,
}

/// A volume of Docker's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Docker {
    /// Make it where it is not there. For `shared` volumes only.
    #[serde(default)]
    pub autoprovision: Fixed<bool>,
    /// Docker's driver; else `local`.
    pub driver: Chosen<Fixed<Option<String>>>,
    /// Options of the driver.
    pub driver_opts: Fixed<Option<Tags>>,
    /// Docker's labels.
    pub labels: Fixed<Option<Tags>>,
    /// `task` where it goes with the task, `shared` where it stays.
    #[schemars(extend("enum" = ["task", "shared"]))]
    pub scope: Chosen<Fixed<Option<String>>>,
}

/// A file system of EFS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Efs {
    /// The file system's id.
    pub file_system_id: Fixed<String>,
    /// The folder in it to mount: `/` with an access point.
    #[serde(default = "root")]
    pub root_directory: Fixed<Option<String>>,
    /// Whether what goes there is encrypted: `ENABLED` or `DISABLED`.
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub transit_encryption: Fixed<Option<String>>,
    /// Through which port, where it is encrypted.
    #[schemars(range(min = 1, max = 65_535))]
    pub transit_encryption_port: Fixed<Option<i64>>,
    /// As whom it is mounted.
    #[serde(default)]
    pub authorization_config: Fixed<One<EfsAccess>>,
}

/// As whom a file system is mounted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EfsAccess {
    /// An access point of the file system.
    pub access_point_id: Fixed<Option<String>>,
    /// Whether as the task's role: `ENABLED` or `DISABLED`.
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub iam: Fixed<Option<String>>,
}

/// A file system of FSx for Windows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fsx {
    /// The file system's id.
    pub file_system_id: Fixed<String>,
    /// The folder in it to mount.
    pub root_directory: Fixed<String>,
    /// As whom it is mounted.
    #[schemars(length(min = 1, max = 1))]
    pub authorization_config: Fixed<One<FsxAccess>>,
}

/// As whom a file system of FSx is mounted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FsxAccess {
    /// ARN of the secret or parameter with name and password.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub credentials_parameter: Fixed<String>,
    /// The domain of Active Directory.
    pub domain: Fixed<String>,
}

fn root() -> Fixed<Option<String>> {
    Fixed(Some("/".into()))
}

impl Volume {
    pub fn sent(&self) -> Result<sdk::Volume> {
        let host =
            stated(&self.host_path).map(|it| sdk::HostVolumeProperties::builder().source_path(it).build());
        let one = sdk::Volume::builder().name(&**self.name).set_host(host);
        let one = one
            .configured_at_launch(self.configure_at_launch.unwrap_or_default())
            .set_docker_volume_configuration(self.docker_volume_configuration.as_ref().map(Docker::sent))
            .set_efs_volume_configuration(self.efs_volume_configuration.as_ref().map(Efs::sent).transpose()?)
            .set_fsx_windows_file_server_volume_configuration(
                self.fsx_windows_file_server_volume_configuration.as_ref().map(Fsx::sent).transpose()?,
            );
        Ok(one.build())
    }
}

fn texts(all: &Option<Tags>) -> Option<std::collections::HashMap<String, String>> {
    all.clone().filter(|it| !it.is_empty()).map(|it| it.into_iter().collect())
}

impl Docker {
    fn sent(&self) -> sdk::DockerVolumeConfiguration {
        let made = *self.autoprovision;
        // A volume that goes with the task is always made.
        let autoprovision = (made || self.scope.as_deref() != Some("task")).then_some(made);
        sdk::DockerVolumeConfiguration::builder()
            .set_autoprovision(autoprovision)
            .set_driver(stated(&self.driver))
            .set_driver_opts(texts(&self.driver_opts))
            .set_labels(texts(&self.labels))
            .set_scope(stated(&self.scope).map(|it| it.as_str().into()))
            .build()
    }
}

impl Efs {
    fn sent(&self) -> Result<sdk::EfsVolumeConfiguration> {
        let access = self.authorization_config.as_ref().map(|it| {
            let iam = stated(&it.iam).map(|it| it.as_str().into());
            sdk::EfsAuthorizationConfig::builder()
                .set_access_point_id(stated(&it.access_point_id))
                .set_iam(iam)
                .build()
        });
        let one = sdk::EfsVolumeConfiguration::builder().file_system_id(&**self.file_system_id);
        let one = one
            .set_root_directory(stated(&self.root_directory))
            .set_transit_encryption(stated(&self.transit_encryption).map(|it| it.as_str().into()))
            .set_transit_encryption_port(
                self.transit_encryption_port.filter(|it| *it > 0).and_then(|it| sent(&it)),
            )
            .set_authorization_config(access);
        built(one.build())
    }
}

impl Fsx {
    fn sent(&self) -> Result<sdk::FSxWindowsFileServerVolumeConfiguration> {
        let access = self.authorization_config.as_ref().map(|it| {
            let one = sdk::FSxWindowsFileServerAuthorizationConfig::builder();
            built(one.credentials_parameter(&**it.credentials_parameter).domain(&**it.domain).build())
        });
        let one =
            sdk::FSxWindowsFileServerVolumeConfiguration::builder().file_system_id(&**self.file_system_id);
        let one = one.root_directory(&**self.root_directory);
        built(one.set_authorization_config(access.transpose()?).build())
    }
}

impl From<sdk::Volume> for Volume {
    fn from(it: sdk::Volume) -> Self {
        Volume {
            name: seen(it.name),
            host_path: Fixed(it.host.and_then(|it| it.source_path)),
            configure_at_launch: Chosen(Fixed(it.configured_at_launch)),
            docker_volume_configuration: Fixed(One(it.docker_volume_configuration.map(Docker::from))),
            efs_volume_configuration: Fixed(One(it.efs_volume_configuration.map(Efs::from))),
            fsx_windows_file_server_volume_configuration: Fixed(One(it
                .fsx_windows_file_server_volume_configuration
                .map(Fsx::from))),
        }
    }
}

impl From<sdk::DockerVolumeConfiguration> for Docker {
    fn from(it: sdk::DockerVolumeConfiguration) -> Self {
        Docker {
            autoprovision: Fixed(it.autoprovision.unwrap_or_default()),
            driver: Chosen(Fixed(it.driver)),
            driver_opts: Fixed(Some(it.driver_opts.into_iter().flatten().collect())),
            labels: Fixed(Some(it.labels.into_iter().flatten().collect())),
            scope: seen(it.scope),
        }
    }
}

impl From<sdk::EfsVolumeConfiguration> for Efs {
    fn from(it: sdk::EfsVolumeConfiguration) -> Self {
        let access = it
            .authorization_config
            .map(|it| EfsAccess { access_point_id: Fixed(it.access_point_id), iam: seen(it.iam) });
        Efs {
            file_system_id: Fixed(it.file_system_id),
            root_directory: Fixed(it.root_directory),
            transit_encryption: seen(it.transit_encryption),
            transit_encryption_port: seen(it.transit_encryption_port),
            authorization_config: Fixed(One(access)),
        }
    }
}

impl From<sdk::FSxWindowsFileServerVolumeConfiguration> for Fsx {
    fn from(it: sdk::FSxWindowsFileServerVolumeConfiguration) -> Self {
        let access = it.authorization_config.map(|it| FsxAccess {
            credentials_parameter: Fixed(it.credentials_parameter),
            domain: Fixed(it.domain),
        });
        Fsx {
            file_system_id: Fixed(it.file_system_id),
            root_directory: Fixed(it.root_directory),
            authorization_config: Fixed(One(access)),
        }
    }
}
