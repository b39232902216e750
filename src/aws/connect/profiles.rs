//! The shared configuration files, where the settings name their own.
#![allow(deprecated, reason = "the crate with the new name of these types is not one of ours")]

use aws_config::profile::profile_file::ProfileFileKind;
pub(super) use aws_config::profile::profile_file::ProfileFiles;

use super::{Settings, home};

/// `None`: the usual ones.
pub(super) fn files(settings: &Settings) -> Option<ProfileFiles> {
    let (config, credentials) = (&settings.config_files, &settings.credentials_files);
    if config.is_empty() && credentials.is_empty() {
        return None;
    }
    let mut out = ProfileFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for it in config {
        out = out.with_file(ProfileFileKind::Config, home(it));
    }
    for it in credentials {
        out = out.with_file(ProfileFileKind::Credentials, home(it));
    }
    Some(out.build())
}
