use std::sync::Arc;

use super::folder;
use crate::diag::SourceFile;

fn file(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: name.into(), text: text.to_owned() })
}

/// What becomes of one file, and what is said about it.
fn converted(text: &str) -> (String, Vec<String>) {
    let stays = |kind: &str, block: &str| (kind, block) == ("t", "stays");
    let (made, notes) = folder(&[file("main.tf", text)], &[], &stays);
    let text = made.into_iter().next().map(|it| it.text).unwrap_or_default();
    let told = notes.0.into_iter().map(|it| {
        let line = it.place.as_ref().map(|it| it.line_column().0);
        format!("{}: {}", line.unwrap_or_default(), it.summary)
    });
    (text, told.collect())
}

#[track_caller]
fn becomes(from: &str, to: &str) {
    let (text, told) = converted(from);
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(text, to, "\n--- is\n{text}\n--- not\n{to}");
}

#[track_caller]
fn local(from: &str, to: &str) {
    becomes(&format!("locals {{\n  x = {from}\n}}\n"), &format!("[locals]\nx = {to}\n"));
}

#[test]
fn constants_are_constants() {
    for same in ["1", "-2.5", "true", "\"a\"", "[1, 2]", "[]", "{}", "{ a = 1 }", "[{ a = 1 }, \"b\"]"] {
        local(same, same);
    }
    local("null", "\"${null}\"");
    local("007", "\"${007}\"");
    local("1e3", "1e3");
    local("99999999999999999999", "\"${99999999999999999999}\"");
}

#[test]
fn quotation_marks_are_those_that_need_no_escapes() {
    local(r#""say \"hi\"""#, r#"'say "hi"'"#);
    local(r#"a ? "b" : "c""#, r#"'${a ? "b" : "c"}'"#);
    local(r#""it's ${f("x")}""#, r#"'''it's ${f("x")}'''"#);
    local(r#""a\tb\n${x}""#, r#""a\tb\n${x}""#);
    local(r#""\u00e9 $${x} %%{y} C:\\d""#, r#"'é $${x} %%{y} C:\d'"#);
    local("a.b[0].c", "\"${a.b[0].c}\"");
}

#[test]
fn objects_with_computed_keys_are_expressions() {
    local("{ (a) = 1 }", "\"${ { (a) = 1 } }\"");
    local("{ 1 = 2 }", "\"${ { 1 = 2 } }\"");
    local("{ for it in a : it => 1 }", "\"${ { for it in a : it => 1 } }\"");
}

#[test]
fn heredocs_are_texts_of_several_lines() {
    local("<<EOT\n a ${x}\n  \\n\nEOT", "'''\n a ${x}\n  \\n\n'''");
    local("<<-EOT\n    a\n\n      b ${x}\n    EOT", "'''\na\n\n  b ${x}\n'''");
    local("<<EOT\n'''\nEOT", "\"\"\"\n'''\n\"\"\"");
    let stripped = "<<-EOT\n  a ${~ x ~}\n  b\nEOT";
    local(stripped, "'''\n${<<-EOT\n  a ${~x~}\n  b\nEOT\n}'''");
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let from = "# one\n\n// two\nlocals { # three\n  # four\n  a = 1 // five\n  /* six\n   * seven */\n  b = [\n    1, # \
                eight\n    # nine\n    2\n  ]\n  # ten\n}\n# eleven\n";
    let to = "# one\n\n# two\n[locals] # three\n# four\na = 1 # five\n# six\n# seven\nb = [\n  1, # eight\n  # \
              nine\n  2,\n]\n# ten\n\n# eleven\n";
    becomes(from, to);
}

#[test]
fn a_dynamic_block_is_an_expression() {
    becomes(
        "resource \"t\" \"n\" {\n  dynamic \"a\" {\n    for_each = var.x\n    content {\n      b = a.value\n    }\n  }\n}\n",
        "[t.n]\na = '''\n${[\n  for a in var.x : {\n    b = a\n  }\n]}'''\n",
    );
    becomes(
        "resource \"t\" \"n\" {\n  a { b = 1 }\n  dynamic \"a\" {\n    for_each = x\n    iterator = it\n    content {\n      \
         b = it.key\n      c = f(it, { it = it.value[\"it\"] })\n      dynamic \"d\" {\n        for_each = it.value.ds\n        \
         content { e = \"${d.value}-${it.key}\" }\n      }\n    }\n  }\n}\n",
        "[t.n]\na = '''\n${concat(\n  [{\n    b = 1\n  }],\n  [\n    for it_key, it in x : {\n      b = it_key\n      c = \
         f({ key = it_key, value = it }, { it = it[\"it\"] })\n      d = [\n        for d in it.ds : {\n          e = \
         \"${d}-${it_key}\"\n        }\n      ]\n    }\n  ]\n)}'''\n",
    );
}

#[test]
fn dynamic_blocks_that_make_none_leave_what_is_there() {
    let dynamic =
        "dynamic \"stays\" {\n    for_each = var.x\n    content {\n      b = stays.value\n    }\n  }";
    becomes(
        &format!("resource \"t\" \"n\" {{\n  {dynamic}\n}}\n"),
        "[t.n]\nstays = '''\n${length(var.x) > 0 ? [\n  for stays in var.x : {\n    b = stays\n  }\n] : null}'''\n",
    );
    // One that is written out is always there.
    becomes(
        &format!("resource \"t\" \"n\" {{\n  stays {{ b = 1 }}\n  {dynamic}\n}}\n"),
        "[t.n]\nstays = '''\n${concat(\n  [{\n    b = 1\n  }],\n  [\n    for stays in var.x : {\n      b = stays\n    \
         }\n  ]\n)}'''\n",
    );
}

#[test]
fn addresses_are_plain_text() {
    becomes(
        "resource \"t\" \"n\" {\n  provider   = aws.west\n  depends_on = [t.m, module.x, \"data.u.v\"]\n  lifecycle {\n    \
         ignore_changes = all\n  }\n}\n",
        "[t.n]\nprovider = \"aws.west\"\ndepends_on = [\"t.m\", \"module.x\", \"data.u.v\"]\nlifecycle = { \
         ignore_changes = \"all\" }\n",
    );
    becomes(
        "module \"m\" {\n  source = \"./m\"\n  providers = {\n    aws     = aws\n    aws.src = aws.west\n  }\n}\n",
        "[module.m]\nsource = \"./m\"\nproviders = { aws = \"aws\", \"aws.src\" = \"aws.west\" }\n",
    );
}

#[test]
fn provisioners_are_tables_of_their_kind() {
    becomes(
        "resource \"t\" \"n\" {\n  provisioner \"local-exec\" {\n    command = \"echo ${self.id}\"\n    when    = \
         destroy\n  }\n}\n",
        "[t.n]\n\n[t.n.provisioner.local-exec]\ncommand = \"echo ${self.id}\"\nwhen = \"destroy\"\n",
    );
}

#[test]
fn blocks_of_one_type_are_an_array_of_tables() {
    becomes(
        "resource \"t\" \"n\" {\n  a { b = 1 }\n  # second\n  a { b = 2 }\n  c {\n    d {\n      e = 1\n    }\n  }\n}\n",
        "[t.n]\n\n[[t.n.a]]\nb = 1\n\n# second\n[[t.n.a]]\nb = 2\n\n[t.n.c]\nd = { e = 1 }\n",
    );
}

#[test]
fn types_are_written_out() {
    let ty = |from: &str, to: &str| {
        let block = format!("variable \"x\" {{\n  type = {from}\n}}\n");
        becomes(&block, &format!("[variable.x]\ntype = \"{to}\"\n"));
    };
    ty("string", "string");
    ty("\"map\"", "map(string)");
    ty("list", "list(any)");
    ty("object({a=string,b=optional(number,1)})", "object({ a = string, b = optional(number, 1) })");
}

#[test]
fn what_cannot_be_converted_is_named() {
    let text = "ephemeral \"a\" \"b\" {}\nterraform {\n  cloud {}\n}\nresource \"t\" \"n\" {\n  connection {}\n  \
                provisioner \"remote-exec\" {}\n  dynamic \"x\" {}\n}\nx = 1\n";
    let (_, told) = converted(text);
    let wanted = [
        "1: `ephemeral` cannot be converted",
        "3: this `cloud` cannot be converted",
        "6: `connection` cannot be converted",
        "7: the provisioner `remote-exec` cannot be converted",
        "8: `dynamic \"x\"` cannot be converted",
        "10: `x` stands outside of any block",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn providers_have_their_own_names() {
    let text = "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\" }\n    random = \"~> 3.0\"\n    \
                cloud = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n";
    let (_, told) = converted(text);
    assert_eq!(told, ["2: `required_providers` is left out", "5: the provider `aws` is called `cloud` here"]);
}

#[test]
fn files_keep_their_names() {
    let files = [file("a.tf", "locals { a = 1 }\n"), file("empty.tf", ""), file("main.tf", "")];
    let values = [file("terraform.tfvars", "a = 1\nb = { c = 1 }\n"), file("x.auto.tfvars", "a = 2\n")];
    let (made, _) = folder(&files, &values, &|_, _| false);
    let names: Vec<_> = made.iter().map(|it| (it.name.as_str(), it.text.as_str())).collect();
    let wanted = [
        ("stack.toml", "[stack]\n"),
        ("a.stack.toml", "[locals]\na = 1\n"),
        ("env/default.toml", "b = { c = 1 }\n\na = 2\n"),
    ];
    assert_eq!(names, wanted);
}
