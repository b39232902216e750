//! `[[import]]`: takes up a thing that exists.

use crate::address::Mode;
use crate::config::load::Loader;
use crate::config::table::Table;
use crate::config::{Import, targets};
use crate::diag::Diagnostic;

const KNOWN: &[&str] = &["for_each", "id", "provider", "to"];

pub(super) fn read(mut table: Table, loader: &mut Loader) {
    let errors = &mut loader.errors;
    let place = table.place.clone();
    let (to, id) = (table.need("to", errors), table.need("id", errors));
    let for_each = table.take("for_each").map(|it| it.value);
    let provider = table.take("provider").and_then(|it| super::resource::provider(&it, errors));
    table.finish(KNOWN, errors);
    if !loader.config.path.is_empty() {
        let one =
            Diagnostic::error("only the stack itself imports, not the modules that it calls").at(&place);
        return errors
            .0
            .push(one.help("move it to the stack, with the module in its address: \"module.net.…\""));
    }
    let (Some(to), Some(id)) = (to, id) else { return };
    let Some(to) = errors.take(targets::bare(to)) else { return };
    let Some(resource) = errors.take(targets::resource_of(&to)) else { return };
    if resource.mode == Mode::Data {
        let one = Diagnostic::error("a data source cannot be imported: it holds nothing").at(&to.place);
        return errors.0.push(one.help("import a resource, such as \"aws_vpc.main\""));
    }
    loader.config.imports.push(Import { to, id, for_each, provider, place });
}
