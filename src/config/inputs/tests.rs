//! Values of variables, and what is wrong with them.

use std::fs;

use super::*;
use crate::config::tests::{load_texts, told};

fn config(text: &str) -> Config {
    let env = if text == A { "a = \"file\"\n" } else { "" };
    load_texts(&[("stack.toml", text), ("env/file.toml", env)]).unwrap_or_else(|it| panic!("{:?}", told(&it)))
}

fn vars(all: &[&str]) -> Inputs {
    Inputs { vars: all.iter().map(|it| (*it).to_owned()).collect(), ..Inputs::default() }
}

fn values(text: &str, inputs: &Inputs) -> BTreeMap<String, Value> {
    resolve(&config(text), inputs).unwrap_or_else(|it| panic!("{:?}", told(&it)))
}

fn json(text: &str, inputs: &Inputs) -> String {
    let values = values(text, inputs);
    Value::object(values).to_json().to_string()
}

fn wrong(text: &str, inputs: &Inputs) -> Vec<String> {
    told(&resolve(&config(text), inputs).err().unwrap_or_default())
}

fn with_file(name: &str, content: &str) -> (tempfile::TempDir, Inputs) {
    let dir = tempfile::tempdir().unwrap_or_else(|it| panic!("{it}"));
    let path = dir.path().join(name);
    fs::write(&path, content).unwrap_or_else(|it| panic!("{it}"));
    (dir, Inputs { var_files: vec![path], ..Inputs::default() })
}

const A: &str =
    "[variable.a]\ndefault = \"default\"\n[env.file]\na = \"table\"\n[env.table]\na = \"table\"\n";

#[test]
fn the_strongest_source_wins() {
    let mut inputs = Inputs::default();
    let mut now = |change: &dyn Fn(&mut Inputs)| {
        change(&mut inputs);
        values(A, &inputs)["a"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(now(&|_| {}), "default");
    let set = |name: &'static str| {
        move |it: &mut Inputs| drop(it.environment.insert(name.to_owned(), name.to_owned()))
    };
    assert_eq!(now(&set("TF_VAR_a")), "TF_VAR_a");
    assert_eq!(now(&set("INFRA_VAR_a")), "INFRA_VAR_a");
    assert_eq!(now(&|it| it.env = Some("table".into())), "table");
    assert_eq!(now(&|it| it.env = Some("file".into())), "file");
    let (_dir, file) = with_file("a.tfvars", "a = \"var-file\"\n");
    assert_eq!(now(&|it| it.var_files = file.var_files.clone()), "var-file");
    assert_eq!(now(&|it| it.vars = vec!["a=var".into(), "a=last".into()]), "last");
}

#[test]
fn text_is_read_as_the_type_says() {
    let text = "[variable.s]\ntype = \"string\"\n[variable.n]\ntype = \"number\"\n[variable.b]\ntype = \"bool\"\n\
                [variable.l]\ntype = \"list(string)\"\n[variable.o]\ntype = \"object({ a = string, b = optional(number, 1) })\"\n\
                [variable.x]\ntype = \"any\"\n[variable.none]\n";
    let inputs = vars(&["s=[1]", "n=5", "b=true", "l=[\"a\", 1]", "o={ a = \"=\" }", "x=[1]", "none=[1]"]);
    assert_eq!(
        json(text, &inputs),
        r#"{"b":true,"l":["a","1"],"n":5,"none":"[1]","o":{"a":"=","b":1},"s":"[1]","x":[1]}"#
    );
}

#[test]
fn files_of_values() {
    let text = "[variable.a]\n[variable.b]\ntype = \"list(number)\"\n";
    for (name, content) in [
        ("v.toml", "a = \"x\"\nb = [1, 2]\n"),
        ("v.json", "{\"a\": \"x\", \"b\": [1, 2]}"),
        ("v.tfvars.json", "{\"a\": \"x\", \"b\": [1, 2]}"),
        ("v.tfvars", "# values\na = \"x\"\nb = [\n  1,\n  1 + 1,\n]\n"),
    ] {
        let (_dir, inputs) = with_file(name, content);
        assert_eq!(json(text, &inputs), r#"{"a":"x","b":[1,2]}"#, "{name}");
    }
}

#[test]
fn files_that_are_wrong() {
    let text = "[variable.alpha]\ndefault = 1\n[variable.l]\ntype = \"list(number)\"\ndefault = []\n";
    let wrong_in = |name: &str, content: &str| {
        let (dir, inputs) = with_file(name, content);
        let shown = format!("{}/", dir.path().display());
        wrong(text, &inputs).iter().map(|it| it.replace(&shown, "")).collect::<Vec<_>>()
    };
    assert_eq!(
        wrong_in("v.toml", "alpa = 1\nl = [1, \"x\"]\n"),
        [
            "v.toml:1:1: the stack has no variable `alpa` (did you mean `alpha`?)",
            "v.toml:2:9: the value of `var.l` does not fit its type `list(number)`: 1: a number is required",
        ]
    );
    assert_eq!(wrong_in("v.json", "{\n \"alpha\": }")[0].split(": ").next(), Some("v.json:2:11"));
    assert_eq!(wrong_in("v.json", "[]"), ["v.json:1:1: the values must stand in an object: { … }"]);
    assert_eq!(wrong_in("v.json", "{\"alpha\": 1e99999999}").len(), 1);
    assert_eq!(wrong_in("v.json", &"[".repeat(100_000)).len(), 1);
    assert_eq!(
        wrong_in("v.tfvars", "alpha = 1\nalpha = 2\n"),
        ["v.tfvars:2:1: `alpha` stands twice in this block"]
    );
    assert_eq!(
        wrong_in("v.tfvars", "alpha = 1\n\nb {\n}\n"),
        ["v.tfvars:3:1: only `name = value` stands in a file of values"]
    );
    assert!(wrong_in("v.tfvars", "alpha = \n")[0].starts_with("v.tfvars:1:9: the value is missing"));
    assert_eq!(wrong_in("v.tfvars", &format!("alpha = {}", "[".repeat(10_000))).len(), 1);
    assert_eq!(
        wrong_in("v.tfvars", "alpha = var.x\n"),
        ["v.tfvars:1:9: `var` cannot be used in the value of a variable (nothing can be referred to here)"]
    );
    assert_eq!(
        wrong_in("v.yml", ""),
        ["v.yml is no file of values (its name must end in .toml, .json or .tfvars)"]
    );
    let inputs = Inputs { var_files: vec!["gone.toml".into()], ..Inputs::default() };
    assert_eq!(wrong(text, &inputs), ["cannot read gone.toml: there is no such file"]);
}

#[test]
fn every_variable_without_a_value_is_told() {
    let errors = wrong("[variable.a]\n[variable.b]\ntype = \"number\"\n", &Inputs::default());
    let help = |name: &str| {
        format!(
            "`var.{name}` has no value (set it with `--var {name}=…`, INFRA_VAR_{name}, a `--var-file`, \
             `{name} = …` in `[env.default]` or env/default.toml, or give it a `default`)"
        )
    };
    assert_eq!(errors, [format!("1:2: {}", help("a")), format!("2:2: {}", help("b"))]);
}

#[test]
fn undeclared_variables() {
    let mut inputs = vars(&["regin=x", "nonsense", "zzz=1"]);
    inputs.environment.insert("TF_VAR_other".into(), "x".into());
    assert_eq!(
        wrong("[variable.region]\ndefault = 1\n", &inputs),
        [
            "the stack has no variable `regin` (did you mean `region`?)",
            "`--var nonsense` gives no value (write `--var nonsense=VALUE`)",
            "the stack has no variable `zzz` (declare it: [variable.zzz])",
        ]
    );
}

#[test]
fn environments_must_be_declared_where_any_is() {
    let of = |env: &str| Inputs { env: Some(env.into()), ..Inputs::default() };
    assert_eq!(wrong(A, &of("tabel")), ["the stack has no environment `tabel` (did you mean `table`?)"]);
    assert_eq!(
        wrong(A, &of("prod")),
        ["the stack has no environment `prod` (declare it: `[env.prod]`, or env/prod.toml)"]
    );
    assert!(wrong(A, &of("default")).is_empty());
    let none = load_texts(&[("stack.toml", "[stack]\n")]).unwrap_or_default();
    assert!(resolve(&none, &of("prod")).is_ok());
    assert!(wrong(A, &of("a/b"))[0].starts_with("`a/b` is not a name of an environment"));
}

#[test]
fn null_takes_the_default_where_it_is_forbidden() {
    let text = "[variable.a]\ntype = \"list(string)\"\nnullable = false\ndefault = [\"x\"]\n\
                [variable.b]\ntype = \"list(string)\"\n[variable.c]\ntype = \"list(string)\"\nnullable = false\n";
    assert_eq!(json(text, &vars(&["a=null", "b=null", "c=[]"])), r#"{"a":["x"],"b":null,"c":[]}"#);
    assert_eq!(
        wrong(text, &vars(&["b=null", "c=null"])),
        ["7:2: the value of `var.c` is null, which `nullable` forbids"]
    );
}

#[test]
fn secrets_are_marked_and_never_shown() {
    let text = "[variable.s]\ntype = \"list(number)\"\nsensitive = true\nephemeral = true\n";
    let value = &values(text, &vars(&["s=[1]"]))["s"];
    assert_eq!(value.marks, Marks { sensitive: true, ephemeral: true });
    for given in ["s=hunter2", "s=[\"hunter2\"]", "s=hunter2("] {
        let errors = resolve(&config(text), &vars(&[given])).err().unwrap_or_default();
        assert_eq!(
            told(&errors),
            [
                "1:2: the value of `var.s` is not valid (what was given is not shown: the variable is sensitive)"
            ]
        );
        assert!(!format!("{errors:?}").contains("hunter2"), "{errors:?}");
    }
}

#[test]
fn values_compute_nothing() {
    let text = "[variable.l]\ntype = \"list(string)\"\n";
    assert_eq!(
        wrong(text, &vars(&["l=[upper(\"a\")]"])),
        ["--var l:1:2: a value calls no functions: `upper` (write the value itself)"]
    );
    assert_eq!(
        wrong(text, &vars(&["l =[]"])),
        ["`--var` has a space between `l` and `=` (write `--var l=…`)"]
    );
    let literal = "[variable.n]\ntype = \"number\"\n";
    for given in ["n= 1", "n=0x10", "n=null", "n=\"1\""] {
        assert_eq!(wrong(literal, &vars(&[given])).len(), 1, "{given}");
    }
}

#[test]
fn answers_are_for_what_is_missing() {
    let text = "[variable.a]\n[variable.b]\ntype = \"list(number)\"\n[variable.c]\ndefault = 1\n";
    let names = |inputs: &Inputs| -> Vec<String> {
        missing(&config(text), inputs).iter().map(|it| it.name.clone()).collect()
    };
    let mut inputs = vars(&["a=given"]);
    assert_eq!(names(&Inputs::default()), ["a", "b"]);
    assert_eq!(names(&inputs), ["b"]);
    inputs.answers = BTreeMap::from([("a".into(), "late".into()), ("b".into(), "[1]".into())]);
    assert_eq!(json(text, &inputs), r#"{"a":"given","b":[1],"c":1}"#);
}

#[test]
fn text_that_is_no_expression() {
    let text = "[variable.l]\ntype = \"list(string)\"\n";
    assert_eq!(wrong(text, &vars(&["l=a, b"])), ["--var l:1:2: this expression is not valid"]);
    let errors = wrong(text, &vars(&["l=eu"]));
    assert!(errors[0].starts_with("--var l:1:1: `eu` cannot be used"), "{errors:?}");
}
