//! What a stack may not say.

use super::*;

#[test]
fn misspelt_tables_get_a_suggestion() {
    assert_eq!(
        wrong(
            "[variables.x]\n[locls]\n[local]\n[aws_vpcs.a]\n[aws_subnets.a]\n[thing.a]\n[data.aws_regionn.x]\n"
        ),
        [
            "1:2: there is no resource type `variables` (did you mean `variable`?)",
            "2:2: there is no resource type `locls` (did you mean `locals`?)",
            "3:2: there is no resource type `local` (did you mean `locals`?)",
            "4:2: `aws_vpcs` is a data source, not a resource type (did you mean `aws_vpc`? A data source is `[data.aws_vpcs.NAME]`)",
            "5:2: `aws_subnets` is a data source, not a resource type (did you mean `aws_subnet`? A data source is `[data.aws_subnets.NAME]`)",
            "6:2: there is no resource type `thing` (a table is named after a resource type, such as `[aws_vpc.main]`)",
            "7:7: there is no data source `aws_regionn` (did you mean `aws_region`?)",
        ]
    );
}

#[test]
fn what_comes_later_says_so() {
    assert_eq!(
        wrong("[aws_lex_bot.a]\n[data.aws_lex_bot.a]\n[aws_lex_bot.b]\n[module.a]\n"),
        [
            "4:2: `module.a` has no `source` (add `source = …`)",
            "2:7: the data source `aws_lex_bot` is not supported yet",
            "1:2: the resource type `aws_lex_bot` is not supported yet",
        ]
    );
}

#[test]
fn provisioners_that_are_wrong() {
    let tables = |text: &str| wrong(&format!("[aws_vpc.a]\n{text}\n"));
    assert_eq!(
        tables(
            "provisioner.local-exec.command = \"${aws_vpc.b.id}\"\nprovisioner.local-exec.when = \"destroy\""
        ),
        [
            "2:37: a provisioner for the destroy refers to `self`, `each.key` and `count.index` only (keep what it needs in the resource itself (in a tag, say), and write `self.…`)"
        ]
    );
    assert_eq!(
        tables("connection = {}"),
        [
            "2:1: `connection` is not supported: nothing is run on other machines (take it out; let the machine set itself up: with `user_data`, an SSM document, or an image that holds everything already)"
        ]
    );
    let fine = good(
        "[aws_vpc.a]\nprovisioner = [{ local-exec = [{ command = \"a\" }, { command = \"${self.id}\", when = \"destroy\" }] }]\n",
    );
    let all: Vec<_> = fine.resources.values().flat_map(|it| &it.provisioners).collect();
    assert_eq!(
        all.iter().map(|it| (it.on_destroy, it.carries_on)).collect::<Vec<_>>(),
        [(false, false), (true, false)]
    );
}

#[test]
fn habits_from_terraform_are_met() {
    assert_eq!(
        wrong(
            "[resource.aws_vpc.a]\n[terraform.backend.s3]\n[data.aws_vpc.a]\n[data.aws_security_groups.a]\n[data.aws_route_table_association.a]\n"
        ),
        [
            "1:2: there is no resource type `resource` (leave `resource.` out: `[aws_vpc.main]`)",
            "2:2: there is no resource type `terraform` (the backend stands in `[backend.s3]`, the name of the stack in `[stack]`)",
            "5:7: there is no data source `aws_route_table_association` (it is a resource type: write `[aws_route_table_association.NAME]`)",
            "4:7: the data source `aws_security_groups` is not supported yet",
            "3:7: the data source `aws_vpc` is not supported yet",
        ]
    );
}

#[test]
fn wrong_shapes() {
    assert_eq!(
        wrong(
            "region = 1\naws_subnet = 1\n[aws_vpc]\ncidr_block = \"10.0.0.0/16\"\ntags = {}\n[[aws_security_group.a]]\n"
        ),
        [
            "1:1: `region` stands outside of any table (a table is named after a resource type, such as `[aws_vpc.main]`)",
            "2:14: `aws_subnet` must be a table, not a number",
            "4:1: `aws_vpc.cidr_block` must be a table (a resource has a name: `[aws_vpc.NAME]`)",
            "6:22: `aws_security_group.a` must be a table (a resource has a name: `[aws_security_group.NAME]`)",
        ]
    );
    assert_eq!(
        wrong(
            "[aws_vpc.a]\ncount = 1\nfor_each = [1]\ndepends_on = \"aws_vpc.b\"\nlifecycle = true\nprovider = 1\n"
        ),
        [
            "3:1: `aws_vpc.a` has both `count` and `for_each` (keep one of them)",
            "4:14: `depends_on` of `aws_vpc.a` must be an array, not a text",
            "6:12: this is not a provider configuration (write \"aws\" or \"aws.ALIAS\")",
            "5:13: `aws_vpc.a.lifecycle` must be a table, not `true` or `false`",
        ]
    );
}

#[test]
fn names_must_be_names() {
    let help = "(a name starts with a letter or `_`, then letters, digits, `_` and `-` follow)";
    assert_eq!(
        wrong(
            "[aws_vpc.1a]\n[aws_vpc.\"a b\"]\n[variable.\"x.y\"]\n[locals]\n\"\" = 1\n[output.9]\nvalue = 1\n[stack]\nname = \"a b\"\n"
        ),
        [
            format!("1:10: `1a` is not a name {help}"),
            format!("2:10: `a b` is not a name {help}"),
            format!("3:11: `x.y` is not a name {help}"),
            format!("5:1: `` is not a name {help}"),
            format!("6:9: `9` is not a name {help}"),
            format!("9:8: `a b` is not a name {help}"),
        ]
    );
    assert_eq!(wrong("[variable.count]\n"), ["1:11: a variable cannot be named `count`"]);
}

#[test]
fn unknown_settings() {
    assert_eq!(
        wrong(
            "[stack]\nnam = \"a\"\n[variable.a]\ndefalt = 1\nfoo = 2\n[output.a]\nvalu = 1\n[backend.s3]\nbuckett = \"a\"\n\
             [provider.aws]\nregio = \"x\"\n[aws_vpc.a.lifecycle]\nprevent_destory = true\n"
        ),
        [
            "2:1: `stack` takes no `nam` (did you mean `name`?)",
            "4:1: `variable.a` takes no `defalt` (did you mean `default`?)",
            "5:1: `variable.a` takes no `foo` (it takes `default`, `description`, `ephemeral`, `nullable`, `sensitive`, `type` and `validation`)",
            "6:2: `output.a` has no `value` (add `value = …`)",
            "7:1: `output.a` takes no `valu` (did you mean `value`?)",
            "9:1: `backend.s3` takes no `buckett` (did you mean `bucket`?)",
            "11:1: `provider.aws` takes no `regio` (did you mean `region`?)",
            "13:1: `aws_vpc.a.lifecycle` takes no `prevent_destory` (did you mean `prevent_destroy`?)",
        ]
    );
}

#[test]
fn settings_of_the_wrong_kind() {
    assert_eq!(
        wrong(
            "[variable.a]\ntype = 1\nsensitive = \"yes\"\ndescription = \"${x}\"\nvalidation = [{ condition = \"${var.a}\" }, 1]\n\
             [aws_vpc.a]\nlifecycle = { ignore_changes = 1, prevent_destroy = \"${true}\" }\n"
        ),
        [
            "2:8: `type` of `variable.a` must be a type, such as \"list(string)\", not a number",
            "3:13: `sensitive` of `variable.a` must be `true` or `false`, not a text",
            "4:15: `description` of `variable.a` must be a plain text, not an expression",
            "5:43: `variable.a.validation` must be a table, not a number",
            "5:15: `variable.a.validation` has no `error_message` (add `error_message = …`)",
            "7:53: `prevent_destroy` of `aws_vpc.a.lifecycle` must be `true` or `false`, not an expression",
            "7:32: `ignore_changes` of `aws_vpc.a.lifecycle` must be \"all\" or an array of attributes, not a number",
        ]
    );
}

#[test]
fn types_and_defaults() {
    let errors = wrong(
        "[variable.a]\ntype = \"strin\"\n[variable.b]\ntype = \"list(number)\"\ndefault = [1, \"x\"]\n\
         [variable.c]\ndefault = \"${var.a}\"\n[variable.d]\nnullable = false\ndefault = \"${null}\"\n",
    );
    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(errors[0].starts_with("2:9: "), "{errors:#?}");
    assert_eq!(
        errors[1],
        "5:15: the default of `variable.b` does not fit its type `list(number)`: 1: a number is required"
    );
    assert_eq!(
        errors[2],
        "7:14: `var` cannot be used in the default of a variable (nothing can be referred to here)"
    );
    assert_eq!(errors[3], "10:11: the default of `variable.d` is null, which `nullable` forbids");
}

#[test]
fn references_written_as_text() {
    assert_eq!(
        wrong(
            "[aws_vpc.a]\ndepends_on = [\"aws_vpc.b.id\", \"aws_vpc\", \"data.aws_region\", \"a b.c\", 1, \"${each.key}\", \"\"]\n\
             [aws_vpc.b.lifecycle]\nignore_changes = [\"tags[\", \"${tags}\", 1, \"a..b\", \"tags[x]\"]\nreplace_triggered_by = [\"x\", 1]\n"
        ),
        [
            "2:15: `depends_on` names a whole resource, not an attribute of it (write \"aws_vpc.b\")",
            "2:31: this is not the address of anything (write an address, such as \"aws_vpc.main\", \"data.aws_ami.it\" or \"module.net\")",
            "2:42: this is not the address of anything (write an address, such as \"aws_vpc.main\", \"data.aws_ami.it\" or \"module.net\")",
            "2:62: `a b.c` is not an address: a name is expected here",
            "2:70: this is not the address of anything (write an address, such as \"aws_vpc.main\", \"data.aws_ami.it\" or \"module.net\")",
            "2:73: this is not the address of anything (write an address, such as \"aws_vpc.main\", \"data.aws_ami.it\" or \"module.net\")",
            "2:89: `` is not an address: a name is expected here",
            "4:24: `tags[` is not an address: a number or a quoted text stands in `[…]`",
            "4:28: this is not the name of an attribute (write the attribute as plain text: \"tags\" or 'tags[\"Owner\"]')",
            "4:39: this is not the name of an attribute (write the attribute as plain text: \"tags\" or 'tags[\"Owner\"]')",
            "4:45: `a..b` is not an address: a name is expected here",
            "4:55: `tags[x]` is not an address: a number or a quoted text stands in `[…]`",
            "5:25: this refers to no resource (write a resource or an attribute of one, such as \"aws_vpc.main.id\")",
            "5:30: this refers to no resource (write a resource or an attribute of one, such as \"aws_vpc.main.id\")",
        ]
    );
}

#[test]
fn the_same_thing_in_two_files() {
    let one = "[stack]\nname = \"a\"\n[backend.s3]\n[provider.aws]\n[variable.v]\n[locals]\nl = 1\n[output.o]\nvalue = 1\n\
               [aws_vpc.a]\n[data.aws_region.a]\n[env.dev]\nv = 1\n";
    let errors = load_texts(&[("stack.toml", one), ("b.stack.toml", one)]).err().unwrap_or_default();
    let told: Vec<_> = errors
        .0
        .iter()
        .map(|it| {
            let (line, column) = it.place.as_ref().map(Place::line_column).unwrap_or_default();
            format!("{line}:{column} {} {}", it.summary, it.detail.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told,
        [
            "1:2 `stack` is declared twice The first one: stack.toml:1:2",
            "3:2 `backend` is declared twice The first one: stack.toml:3:2",
            "4:2 `provider.aws` is declared twice The first one: stack.toml:4:2",
            "5:2 `variable.v` is declared twice The first one: stack.toml:5:2",
            "7:1 `local.l` is declared twice The first one: stack.toml:7:1",
            "8:2 `output.o` is declared twice The first one: stack.toml:8:2",
            "10:2 `aws_vpc.a` is declared twice The first one: stack.toml:10:2",
            "11:2 `data.aws_region.a` is declared twice The first one: stack.toml:11:2",
            "13:1 `env.dev.v` is declared twice The first one: stack.toml:13:5",
        ]
    );
    assert!(
        errors
            .0
            .iter()
            .all(|it| it.place.as_ref().is_some_and(|it| it.file.path == Path::new("b.stack.toml")))
    );
}

#[test]
fn backends_and_providers() {
    assert_eq!(
        wrong(
            "[backend.s4]\n[backend.gcs]\n[provider.randm]\n[[provider.aws]]\nalias = \"us\"\n[[provider.aws]]\nalias = \"us\"\n\
             [aws_vpc.a]\nprovider = \"aws.uss\"\n[aws_vpc.b]\nprovider = \"azure.x.y\"\n"
        ),
        [
            "1:10: there is no backend `s4` (the backends are `s3` and `local`)",
            "2:10: there is no backend `gcs` (the backends are `s3` and `local`)",
            "3:11: there is no provider `randm` (did you mean `random`?)",
            "6:3: `provider.aws with alias us` is declared twice",
            "11:12: this is not a provider configuration (write \"aws\" or \"aws.ALIAS\")",
        ]
    );
}

#[test]
fn environments_set_declared_variables() {
    assert_eq!(
        wrong_files(&[
            (
                "stack.toml",
                "[variable.region]\n[env.dev]\nregoin = 1\n[env.dev.x]\n[env.\"a/b\"]\n[env.1-a]\nregion = 1\n"
            ),
            ("env/prod.toml", "zone = 1\n"),
            ("env/a b.toml", "region = 1\n")
        ]),
        [
            "5:6: `a/b` is not a name of an environment (letters, digits and any of -_.~$&+=:@ may stand in it)",
            "env/a b.toml:1:1: `a b` is not a name of an environment (rename env/a b.toml)",
            "3:10: environment `dev` sets `regoin`, which is no variable (did you mean `region`?)",
            "4:2: environment `dev` sets `x`, which is no variable (declare it: `[variable.x]`)",
            "env/prod.toml:1:8: environment `prod` sets `zone`, which is no variable (declare it: `[variable.zone]`)",
        ]
    );
}
