//! Folders and files on disk.

use std::fs;

use super::*;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap_or_else(|it| panic!("{it}"));
    for (name, content) in files {
        let path = dir.path().join(name);
        let parent = path.parent().unwrap_or(dir.path());
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, content))
            .unwrap_or_else(|it| panic!("{it}"));
    }
    dir
}

/// What is wrong, with `DIR` for the folder.
fn wrong_in(dir: &Path) -> Vec<String> {
    let errors = load_with(dir, &Few).err().unwrap_or_default();
    told(&errors).iter().map(|it| it.replace(&dir.display().to_string(), "DIR")).collect()
}

fn wrong_folder(files: &[(&str, &[u8])]) -> Vec<String> {
    wrong_in(folder(files).path())
}

#[test]
fn a_folder_is_read() {
    let dir = folder(&[
        ("stack.toml", b"[variable.x]\n"),
        ("b.stack.toml", b"[aws_vpc.b]\n"),
        (".hidden.stack.toml", b"nonsense"),
        ("notes.toml", b"nonsense"),
        ("env/dev.toml", b"x = 1\n"),
        ("env/readme.md", b"nonsense"),
    ]);
    let config = load_with(dir.path(), &Few).unwrap_or_else(|it| panic!("{:?}", told(&it)));
    assert_eq!((config.resources.len(), config.envs.len()), (1, 1));
    assert_eq!(config.dir, dir.path());
}

#[test]
fn no_stack_here() {
    let help = "make a stack.toml here, or go to the folder that has one";
    assert_eq!(
        wrong_folder(&[("x", b"")]),
        [format!("DIR is no stack: it has neither a stack.toml nor .tf files ({help})")]
    );
    assert_eq!(
        wrong_folder(&[("a.stack.toml", b"")]),
        [
            "DIR is no stack: it has neither a stack.toml nor .tf files (rename a.stack.toml to stack.toml, or add a stack.toml beside it)"
        ]
    );
    let dir = folder(&[("a", b"")]);
    assert_eq!(wrong_in(&dir.path().join("b")), ["cannot read DIR: there is no such folder"]);
    assert_eq!(wrong_in(&dir.path().join("a")), ["cannot read DIR: it is a file, not a folder"]);
}

#[test]
fn a_folder_of_terraform_files_is_read() {
    let dir = folder(&[
        ("main.tf", b"resource \"aws_vpc\" \"b\" {}\n"),
        ("b.tf.json", b"{\"output\": {\"a\": {\"value\": 1}}}"),
        ("b_override.tf", b"output \"a\" {\n  value = 2\n}\n"),
        ("main.tf~", b"nonsense"),
        ("#main.tf#", b"nonsense"),
        (".hidden.tf", b"nonsense"),
        ("x.tfvars", b"nonsense"),
        ("terraform.tfvars", b"a = 1"),
        ("z.auto.tfvars", b"a = 2"),
        ("m/main.tf", b"variable \"x\" {}\n"),
        ("n/stack.toml", b"[output.y]\nvalue = 1\n"),
        (
            "modules.tf",
            b"module \"m\" {\n  source = \"./m\"\n  x = 1\n}\nmodule \"n\" {\n  source = \"./n\"\n}\n",
        ),
    ]);
    let config = load_with(dir.path(), &Few).unwrap_or_else(|it| panic!("{:?}", told(&it)));
    assert_eq!((config.resources.len(), source(&config.outputs["a"].value.place)), (1, "2"));
    let values = config.value_files.iter().flatten().filter_map(|it| it.file_name()?.to_str());
    assert_eq!(values.collect::<Vec<_>>(), ["terraform.tfvars", "z.auto.tfvars"]);
    assert!(config.modules["m"].found && config.modules["n"].config.outputs.contains_key("y"));
    assert_eq!(config.modules["m"].config.value_files, None);
}

#[test]
fn one_folder_has_one_kind_of_files() {
    assert_eq!(
        wrong_folder(&[("stack.toml", b"[stack]\n"), ("main.tf", b"")]),
        [
            "DIR has both stack.toml and .tf files, such as main.tf (a stack is written in one of them: move the others to a folder of their own)"
        ]
    );
}

#[test]
fn files_that_cannot_be_read() {
    let dir = folder(&[("stack.toml/x", b""), ("b.stack.toml", b"[thing.a]\n")]);
    let errors = wrong_in(dir.path());
    assert_eq!(
        errors[0],
        "cannot read DIR/stack.toml: it is a folder, not a file (rename or remove the folder)"
    );
    assert_eq!(errors.len(), 2, "the other file is read all the same: {errors:?}");
    assert_eq!(
        wrong_folder(&[("stack.toml", b"[stack]\nname = \"a\xff\"\n")]),
        ["DIR/stack.toml:2:10: the file is not valid UTF-8 (save the file as UTF-8)"]
    );
    assert_eq!(
        wrong_folder(&[("stack.toml", b"\xff\xfe[\0")]),
        ["DIR/stack.toml:1:1: the file is not valid UTF-8 (it looks like UTF-16: save it as UTF-8)"]
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere() {
    let dir = folder(&[]);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, dir.path().join(name)).ok();
    link("gone", "stack.toml");
    link("/dev/zero", "a.stack.toml");
    assert_eq!(
        wrong_in(dir.path()),
        [
            "cannot read DIR/stack.toml: there is no such file",
            "cannot read DIR/a.stack.toml: it is not a regular file"
        ]
    );
}

#[test]
fn an_empty_stack_is_a_mistake() {
    let help = "(add a resource, such as `[aws_vpc.main]`; or `[stack]` where it is meant to hold nothing)";
    for text in ["", "\n\n", "# nothing\n", "\u{feff}"] {
        let errors = wrong_folder(&[("stack.toml", text.as_bytes())]);
        assert_eq!(errors, [format!("DIR/stack.toml:1:1: the stack is empty {help}")]);
    }
    assert!(wrong_folder(&[("stack.toml", b""), ("a.stack.toml", b"[aws_vpc.a]\n")]).is_empty());
    assert!(wrong_folder(&[("stack.toml", b"[stack]\n")]).is_empty());
}

#[test]
fn provider_configurations_are_passed_to_modules() {
    let caller = "provider \"aws\" {\n  alias = \"w\"\n}\nmodule \"m\" {\n  source = \"./m\"\n  providers = { aws.x = aws.w, aws = aws.w, amazon.y = aws.w }\n}\n\
                  module \"n\" {\n  source = \"./n\"\n}\n";
    let inner = "terraform {\n  required_providers {\n    amazon = {\n      source = \"hashicorp/aws\"\n\
                 configuration_aliases = [amazon.y]\n    }\n  }\n}\n";
    let other = "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n\
                 configuration_aliases = [aws.z]\n    }\n  }\n}\n";
    let dir = folder(&[
        ("main.tf", caller.as_bytes()),
        ("m/main.tf", inner.as_bytes()),
        ("n/main.tf", other.as_bytes()),
    ]);
    let (config, errors) = crate::config::read(dir.path());
    let names: Vec<_> = config.modules["m"].providers.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["aws", "aws.x", "aws.y"]);
    let told: Vec<_> =
        told(&errors).iter().map(|it| it.replace(&dir.path().display().to_string(), "DIR")).collect();
    assert_eq!(
        told,
        [
            "DIR/main.tf:6:25: the module `m` does not declare the provider configuration `aws.x` (add `configuration_aliases = [aws.x]` to its `required_providers`)",
            "DIR/main.tf:8:1: the module `n` needs the provider configuration `aws.z` (pass one: `providers = { aws.z = aws }`)",
        ]
    );
    assert_eq!(errors.0.iter().filter(|it| it.is_error()).count(), 1);
}
