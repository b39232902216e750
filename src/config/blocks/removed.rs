//! `[[removed]]`: what the stack has no more, and what becomes of it.

use super::provisioner;
use crate::address::{Key, Mode, Target};
use crate::config::load::Loader;
use crate::config::table::Table;
use crate::config::{Config, Removed, Setting, targets};
use crate::diag::{Diagnostic, Diagnostics, Place};

pub(super) fn read(mut table: Table, loader: &mut Loader) {
    let errors = &mut loader.errors;
    let place = table.place.clone();
    let from = table.need("from", errors);
    let destroy = destroys(table.take("lifecycle"), errors);
    let provisioners = provisioner::read(table.take("provisioner"), "removed", errors);
    provisioner::refuse_connection(table.take("connection"), "removed", errors);
    for it in provisioners.iter().filter(|it| !it.on_destroy) {
        let one = Diagnostic::error("what is removed is not created: this provisioner would never run");
        errors.0.push(one.at(&it.place).help("add `when = \"destroy\"`"));
    }
    table.finish(&["from", "lifecycle", "provisioner"], errors);
    let Some(from) = from.and_then(|it| errors.take(targets::fixed(&it))) else { return };
    if let Err(one) = whole(&from.0, &from.1) {
        return errors.0.push(one);
    }
    if let (Target::Module(_), Some(it)) = (&from.0, provisioners.first()) {
        let one = Diagnostic::error("a module has no provisioners").at(&it.place);
        errors.0.push(one.help("name a resource in `from`"));
    }
    loader.config.removed.push(Removed { from, destroy, provisioners, place });
}

/// `lifecycle = { destroy = … }`: true where nothing is said.
fn destroys(it: Option<Setting>, errors: &mut Diagnostics) -> bool {
    let mut destroy = true;
    let all = it.map(|it| Table::all(it.value, "removed.lifecycle", errors)).unwrap_or_default();
    for mut table in all {
        destroy = table.flag("destroy", errors).unwrap_or(destroy);
        table.finish(&["destroy"], errors);
    }
    destroy
}

/// Only a whole resource or module is removed: no single instance, and no data source.
fn whole(from: &Target, place: &Place) -> Result<(), Diagnostic> {
    let keyed = |path: &crate::address::ModulePath| path.iter().any(|it| it.1 != Key::None);
    let (bad, resource) = match from {
        Target::Module(path) => (keyed(path), None),
        Target::Resource(it) => (keyed(&it.module), Some(it)),
        Target::Instance(it) => (true, Some(&it.resource)),
    };
    if bad {
        let one = Diagnostic::error("`removed` names a whole resource or module, not one of its instances");
        return Err(one
            .at(place)
            .help("leave the key out; to drop one instance, change `count` or `for_each`"));
    }
    if resource.is_some_and(|it| it.mode == Mode::Data) {
        let one =
            Diagnostic::error("a data source is never destroyed, so `removed` has nothing to say of it");
        return Err(one.at(place).help("take its block out: that is all"));
    }
    Ok(())
}

/// What is removed may not be declared as well; asked of the root, for all modules.
pub(in crate::config) fn check(root: &Config, errors: &mut Diagnostics) {
    for config in root.all() {
        for it in &config.removed {
            let found = match &it.from.0 {
                Target::Module(path) => declared_module(config, path),
                Target::Resource(addr) => {
                    let own = addr.clone().as_written();
                    let inner = config.module(&own.module);
                    // A module's resources are known by their whole address.
                    let whole = own.within(&config.path.iter().chain(&addr.module).cloned().collect());
                    inner.and_then(|it| it.resources.get(&whole)).map(|it| it.place.clone())
                }
                Target::Instance(_) => None,
            };
            if let Some(place) = found {
                let one =
                    Diagnostic::error(format!("`{}` is said to be removed, and is declared", it.from.0));
                let one = one
                    .at(&it.from.1)
                    .detail(format!("It is declared at {}", crate::config::syntax::spot(&place)));
                errors.0.push(one.help("take out the `removed` block, or what it names"));
            }
        }
    }
}

fn declared_module(config: &Config, path: &crate::address::ModulePath) -> Option<Place> {
    let ((name, _), above) = path.split_last()?;
    Some(config.module(above)?.modules.get(&**name)?.place.clone())
}
