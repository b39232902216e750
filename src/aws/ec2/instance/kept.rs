//! What AWS shows of an instance, as the stack says it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::blocks::Interface;
use super::{Instance, volumes};
use crate::resource::*;

thread_local! {
    /// By instance: the words for the version of its template, as they were when it was last seen.
    static VERSIONS: RefCell<HashMap<String, String>> = RefCell::default();
}

/// Keeps those words.
pub fn remember(instance: &str, version: &str) {
    VERSIONS.with_borrow_mut(|all| all.insert(instance.to_owned(), version.to_owned()));
}

/// Whether an instance, when it was last seen, came from what this says of its template's version.
pub fn comes_from(instance: &str, version: &str) -> bool {
    VERSIONS.with_borrow(|all| all.get(instance).is_some_and(|it| it.split(' ').any(|it| it == version)))
}

pub fn as_kept(mut it: Instance, kept: &Instance) -> Instance {
    version(&mut it, kept);
    interfaces(&mut it, kept);
    disks(&mut it, kept);
    // Either of the two is kept: the one that the stack says.
    match kept.user_data_base64.as_deref().unwrap_or_default() {
        "" => it.user_data_base64 = Chosen(None),
        _ => it.user_data = Chosen(None),
    }
    // Without a word of the stack, what AWS has chosen stays its own. An import knows no stack.
    if kept.credit_specification.is_none() && !says_nothing(kept) {
        it.credit_specification = One(None);
    }
    it
}

/// The version is said as the stack says it, where that is the one.
fn version(it: &mut Instance, kept: &Instance) {
    let said = kept.launch_template.as_ref().map(|it| it.version.clone());
    let id = it.key();
    if let Some(template) = &mut it.launch_template.0 {
        remember(&id, &template.version);
        let mut words = template.version.split(' ');
        let number = words.next().unwrap_or_default().to_owned();
        let fits = said.filter(|said| words.any(|it| it == said));
        template.version = fits.unwrap_or(number);
    }
}

/// Others may have attached interfaces: only those that the stack says are its business.
fn interfaces(it: &mut Instance, kept: &Instance) {
    let said = |one: &Interface| kept.network_interface.iter().any(|it| it.device_index == one.device_index);
    it.network_interface.0.0.retain(said);
    if !it.network_interface.is_empty() {
        // The interface's own business.
        it.source_dest_check = kept.source_dest_check;
    }
}

fn disks(it: &mut Instance, kept: &Instance) {
    // AWS never shows these.
    it.ephemeral_block_device = kept.ephemeral_block_device.clone();
    if it.ebs_block_device.is_empty() && !kept.ebs_block_device.is_empty() {
        // A stack may name the root here.
        it.ebs_block_device = Chosen(it.root_block_device.iter().map(volumes::as_disk).collect());
    }
    let together = kept.volume_tags.as_ref().is_some_and(|it| !it.is_empty());
    let default = |key: &str, value: &str| {
        let own = kept.tags.as_ref().is_some_and(|it| it.contains_key(key));
        !own && kept.tags_all.get(key).is_some_and(|it| it == value)
    };
    let own = |all: &Tags, said: Option<&Tags>| {
        let says = |key: &str| said.is_some_and(|it| it.contains_key(key));
        let mine = all.iter().filter(|(key, value)| says(key) || !default(key, value));
        Some(mine.map(|(k, v)| (k.clone(), v.clone())).collect::<Tags>()).filter(|it| !it.is_empty())
    };
    if together {
        let labels = it.root_block_device.iter().map(|it| &it.tags_all.0);
        let labels = labels.chain(it.ebs_block_device.iter().map(|it| &it.tags_all.0));
        let all: Tags = labels.flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
        it.volume_tags = own(&all, kept.volume_tags.as_ref());
    }
    if let Some(root) = &mut it.root_block_device.0.0 {
        let said = kept.root_block_device.as_ref().and_then(|it| it.tags.as_ref());
        root.tags = own(&root.tags_all, said).filter(|_| !together);
        if together {
            root.tags_all = Chosen::default();
        }
    }
    for disk in &mut it.ebs_block_device.0.0 {
        let same = kept.ebs_block_device.iter().find(|it| it.device_name == disk.device_name);
        disk.tags = own(&disk.tags_all, same.and_then(|it| it.tags.as_ref())).filter(|_| !together);
        if together {
            disk.tags_all = Chosen::default();
        }
    }
}

fn says_nothing(it: &Instance) -> bool {
    it.ami.is_none() && it.instance_type.is_none() && it.launch_template.is_none()
}
