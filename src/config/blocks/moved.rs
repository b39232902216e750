//! `[[moved]]`: what has another address now.

use crate::address::{Mode, Target};
use crate::config::load::Loader;
use crate::config::table::Table;
use crate::config::{Moved, targets};
use crate::diag::Diagnostic;

pub(super) fn read(mut table: Table, loader: &mut Loader) {
    let errors = &mut loader.errors;
    let place = table.place.clone();
    let (from, to) = (table.need("from", errors), table.need("to", errors));
    table.finish(&["from", "to"], errors);
    let from = from.and_then(|it| errors.take(targets::fixed(&it)));
    let to = to.and_then(|it| errors.take(targets::fixed(&it)));
    let (Some(from), Some(to)) = (from, to) else { return };
    for (target, place) in [&from, &to] {
        if mode(target) == Some(Mode::Data) {
            let one = Diagnostic::error("a data source cannot be moved").at(place);
            return errors.0.push(one.help("give it its new name: it is read again, nothing is lost"));
        }
    }
    if mode(&from.0).is_some() != mode(&to.0).is_some() {
        let one = Diagnostic::error("a module can become a module only, and a resource a resource");
        return errors.0.push(one.at(&place).help("give both addresses of one kind"));
    }
    loader.config.moved.push(Moved { from, to, place });
}

fn mode(target: &Target) -> Option<Mode> {
    match target {
        Target::Module(_) => None,
        Target::Resource(it) => Some(it.mode),
        Target::Instance(it) => Some(it.resource.mode),
    }
}
