//! `[stack]` and `[locals]`.

use crate::address::is_name;
use crate::config::load::Loader;
use crate::config::table::{Table, bad_name};
use crate::config::{Setting, Stack};

pub(super) fn read(it: Setting, loader: &mut Loader) {
    let place = super::header(&it.place, &it.value.place);
    let Some(mut table) = Table::of(it.value, "stack", &mut loader.errors) else { return };
    if let Some(first) = loader.config.stack.place.clone() {
        return loader.twice("stack", &first, &place);
    }
    let name = table.text("name", &mut loader.errors);
    if let Some((name, place)) = &name
        && !is_name(name)
    {
        loader.errors.0.push(bad_name(name, place));
    }
    if let Some(it) = table.take("encryption") {
        super::encryption::stack(it, loader);
    }
    table.finish(&["encryption", "name"], &mut loader.errors);
    loader.config.stack = Stack { name: name.map(|it| it.0.to_string()), place: Some(place) };
}

/// Local values: files add to one another's.
pub(super) fn locals(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "locals", &mut loader.errors) else { return };
    let entries: Vec<_> = table.names(&mut loader.errors).collect();
    for it in entries {
        let name = it.name.to_string();
        if let Some(first) = loader.locals.insert(name.clone(), it.place.clone()) {
            loader.twice(format!("local.{name}"), &first, &it.place);
        }
        loader.config.locals.insert(name, it.value);
    }
}
