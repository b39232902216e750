//! What belongs to a user: AWS removes nobody who still has any of it.

use aws_sdk_iam::types::AssignmentStatusType;

use crate::aws::iam::{gone, if_there};
use crate::aws::{Aws, Error, Result};

/// Takes the user out of all groups.
pub async fn leave_groups(aws: &Aws, user: &str) -> Result<()> {
    let groups = aws.iam().list_groups_for_user().user_name(user).into_paginator().items().send();
    let groups: Vec<_> = groups.try_collect().await?;
    for it in groups {
        let call = aws.iam().remove_user_from_group().user_name(user).group_name(it.group_name);
        gone(call.send().await.map_err(Error::from))?;
    }
    Ok(())
}

/// Takes away everything that the user signs in with. What is gone meanwhile is as good.
pub async fn remove_all(aws: &Aws, user: &str) -> Result<()> {
    for id in if_there(key_ids(aws, user).await)?.unwrap_or_default() {
        let call = aws.iam().delete_access_key().user_name(user).access_key_id(id);
        gone(call.send().await.map_err(Error::from))?;
    }
    gone(remove_ssh_keys(aws, user).await)?;
    gone(remove_virtual_devices(aws, user).await)?;
    gone(remove_devices(aws, user).await)?;
    gone(aws.iam().delete_login_profile().user_name(user).send().await.map_err(Error::from))?;
    gone(remove_certificates(aws, user).await)?;
    gone(remove_service_credentials(aws, user).await)
}

/// Ids of the user's access keys.
pub async fn key_ids(aws: &Aws, user: &str) -> Result<Vec<String>> {
    let keys = aws.iam().list_access_keys().user_name(user).into_paginator().items().send();
    let keys: Vec<_> = keys.try_collect().await?;
    Ok(keys.into_iter().filter_map(|it| it.access_key_id).collect())
}

/// Serial numbers of the MFA devices that the user has.
pub async fn devices(aws: &Aws, user: &str) -> Result<Vec<String>> {
    let devices = aws.iam().list_mfa_devices().user_name(user).into_paginator().items().send();
    let devices: Vec<_> = devices.try_collect().await?;
    Ok(devices.into_iter().map(|it| it.serial_number).collect())
}

async fn remove_ssh_keys(aws: &Aws, user: &str) -> Result<()> {
    let keys = aws.iam().list_ssh_public_keys().user_name(user).into_paginator().items().send();
    let keys: Vec<_> = keys.try_collect().await?;
    for it in keys {
        let call = aws.iam().delete_ssh_public_key().user_name(user);
        gone(call.ssh_public_key_id(it.ssh_public_key_id).send().await.map_err(Error::from))?;
    }
    Ok(())
}

/// Those that are an app on a telephone: they stay behind where nobody removes them.
async fn remove_virtual_devices(aws: &Aws, user: &str) -> Result<()> {
    let call = aws.iam().list_virtual_mfa_devices().assignment_status(AssignmentStatusType::Assigned);
    let devices: Vec<_> = call.into_paginator().items().send().try_collect().await?;
    let theirs = devices.into_iter().filter(|it| it.user.as_ref().is_some_and(|it| it.user_name == user));
    for it in theirs {
        deactivate(aws, user, &it.serial_number).await?;
        let call = aws.iam().delete_virtual_mfa_device().serial_number(&it.serial_number);
        gone(call.send().await.map_err(Error::from))?;
    }
    Ok(())
}

async fn remove_devices(aws: &Aws, user: &str) -> Result<()> {
    for it in devices(aws, user).await? {
        deactivate(aws, user, &it).await?;
    }
    Ok(())
}

async fn deactivate(aws: &Aws, user: &str, serial_number: &str) -> Result<()> {
    let call = aws.iam().deactivate_mfa_device().user_name(user).serial_number(serial_number);
    gone(call.send().await.map_err(Error::from))
}

async fn remove_certificates(aws: &Aws, user: &str) -> Result<()> {
    let all = aws.iam().list_signing_certificates().user_name(user).into_paginator().items().send();
    let all: Vec<_> = all.try_collect().await?;
    for it in all {
        let call = aws.iam().delete_signing_certificate().user_name(user).certificate_id(it.certificate_id);
        gone(call.send().await.map_err(Error::from))?;
    }
    Ok(())
}

/// Such as the password for CodeCommit.
async fn remove_service_credentials(aws: &Aws, user: &str) -> Result<()> {
    let answer = aws.iam().list_service_specific_credentials().user_name(user).send().await?;
    for it in answer.service_specific_credentials.unwrap_or_default() {
        let call = aws.iam().delete_service_specific_credential().user_name(user);
        let call = call.service_specific_credential_id(it.service_specific_credential_id);
        gone(call.send().await.map_err(Error::from))?;
    }
    Ok(())
}
