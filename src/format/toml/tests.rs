use super::file;

#[track_caller]
fn becomes(from: &str, to: &str) {
    let out = file(from);
    assert_eq!(out, to, "\n--- is\n{out}\n--- not\n{to}");
    assert_eq!(file(&out), out, "a second time it changes again");
}

#[test]
fn tables_are_set_apart() {
    becomes("\n\n[a]\n\n\nx=1\n[b]  \n# of c\n[[c]] # here\n\n\ny   =  2 # two\n\n", {
        "[a]\nx = 1\n\n[b]\n\n# of c\n[[c]] # here\ny = 2 # two\n"
    });
}

#[test]
fn one_empty_line_stays_between_keys() {
    becomes("a = 1\n\n\n\n  # about b\n  b = 2\n", "a = 1\n\n# about b\nb = 2\n");
}

#[test]
fn a_comment_apart_from_a_table_stays_apart() {
    becomes("a = 1\n# end of a\n\n[b]\n", "a = 1\n# end of a\n\n[b]\n");
}

#[test]
fn keys_are_bare_where_they_can_be() {
    becomes("[ \"a\" . 'b c' . d ]\n\"x\".'y.z' = 1\n", "[a.\"b c\".d]\nx.\"y.z\" = 1\n");
}

#[test]
fn long_arrays_are_broken() {
    let item = "\"0123456789012345678901234567890123456789\"";
    let from = format!("a = [{item},{item},{item}]\nb=[1,2 , 3]\n");
    becomes(&from, &format!("a = [\n  {item},\n  {item},\n  {item},\n]\nb = [1, 2, 3]\n"));
}

#[test]
fn arrays_that_are_broken_stay_so() {
    becomes(
        "a = [\n1, # one\n\n\n    # two\n 2 ]\nb = [ 1,\n 2 ]\nc = [\n]\n",
        "a = [\n  1, # one\n\n  # two\n  2,\n]\nb = [1, 2]\nc = []\n",
    );
}

#[test]
fn arrays_in_arrays_are_indented() {
    becomes("a = [\n[\n1\n], {x=1,y=[ 2 ]}]\n", "a = [\n  [\n    1,\n  ],\n  { x = 1, y = [2] },\n]\n");
}

#[test]
fn expressions_are_spaced() {
    becomes(
        "a = \"${ var.x+1 }\"\nb = \"x ${a( 1,2 )} ${ b}\"\nc = \"${[ for x in y:x ]}\"\n",
        "a = \"${var.x + 1}\"\nb = \"x ${a(1, 2)} ${b}\"\nc = \"${[for x in y : x]}\"\n",
    );
}

#[test]
fn quotation_marks_spare_escapes() {
    becomes(
        "a = \"${x ? \\\"a\\\" : \\\"b\\\"}\"\nb = \"say \\\"hi\\\"\"\nc = \"${\\\"it's\\\"}\"\n",
        "a = '${x ? \"a\" : \"b\"}'\nb = \"say \\\"hi\\\"\"\nc = \"${\\\"it's\\\"}\"\n",
    );
}

#[test]
fn expressions_of_several_lines_are_indented() {
    becomes(
        "a = '''${[\n for x in y : {\n a = 1\n   bcd = 2\n}\n   ]}'''\n",
        "a = '''\n${[\n  for x in y : {\n    a   = 1\n    bcd = 2\n  }\n]}'''\n",
    );
}

#[test]
fn literal_text_stays_as_it_is() {
    let text = "a = '''\n  one  ${x}\n    two\t${ if }'''\nb = \"%{ if a }  x%{ endif }\"\n";
    let out = file(text);
    assert!(out.contains("  one  ${x}\n    two\t"), "{out}");
    becomes(&out, &out);
}

#[test]
fn line_ends_are_kept() {
    becomes("[a]\r\nx=1\r\n[b]\r\n", "[a]\r\nx = 1\r\n\r\n[b]\r\n");
}

#[test]
fn numbers_and_dates_are_not_touched() {
    let text = "a = 123456789012345678901234567890\nb = 1_000\nc = 0xff\nd = 1979-05-27T07:32:00Z\n";
    becomes(text, text);
}

#[test]
fn what_is_no_toml_comes_back() {
    becomes("a = = 1\n", "a = = 1\n");
    becomes("", "");
    let deep = format!("a = {}1{}\n", "[".repeat(50_000), "]".repeat(50_000));
    becomes(&deep, &deep);
}
