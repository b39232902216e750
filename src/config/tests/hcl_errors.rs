//! `.tf` files that are wrong.

use super::hcl::{read_tf, wrong_tf};

/// Each a file of its own, and the one thing that is said of it.
const SYNTAX: &[(&str, &str)] = &[
    ("resource \"aws_vpc\" \"b\" {\n  x = 1\n", "1:1: this block is not closed (add the `}` that ends it)"),
    ("locals {\n  x = 1\n}\n}\n", "4:1: this `}` closes nothing (remove it)"),
    ("locals {\n  x = 'abc'\n}\n", "2:7: text stands in double quotation marks (write \"…\")"),
    (
        "locals {\n  x = “abc”\n}\n",
        "2:7: this is a typographic quotation mark (text stands in plain double quotation marks: \"…\")",
    ),
    ("locals {\n  x: 1\n}\n", "2:4: an argument is set with `=`, not with `:` (write `x = …`)"),
    ("locals {\n  x = [1 2]\n}\n", "2:10: a comma is missing in this list (write `,` before this)"),
    ("locals {\n  x = [1,\n 2\n}\n", "4:1: the list before this is not closed (add `]`)"),
    ("locals {\n  x = f(1, 2\n}\n", "3:1: the call before this is not closed (add `)`)"),
    ("locals {\n  x = {a = 1 b = 2}\n}\n", "2:14: a comma is missing in this object (write `,` before this)"),
    (
        "locals {\n  x = \"abc\n}\n",
        "2:7: this text is not closed (end it with `\"` on the same line; a text of several lines is written `<<EOT`)",
    ),
    ("locals {\n  x = \"a\\d\"\n}\n", "2:11: there is no such escape"),
    ("locals {\n  x = \"${a\"\n}\n", "2:11: this `${…}` is not closed (end it with `}`)"),
    ("locals {\n  x = \"${}\"\n}\n", "2:10: there is no expression in this `${}`"),
    ("locals {\n  x = \"%{ if true }a\"\n}\n", "2:7: a `%{…}` in this text is not closed"),
    (
        "locals {\n  x = <<EOT\nabc\n",
        "2:7: this text is not closed (close it with a line that holds nothing but `EOT`)",
    ),
    (
        "locals {\n  x = 1, y = 2\n}\n",
        "2:8: an argument ends with its line (write each on a line of its own, without `,`)",
    ),
    (
        "locals {\n  x = 2;\n}\n",
        "2:8: an argument ends with its line (write each on a line of its own, without `;`)",
    ),
    ("locals { x = 1\n y = 2 }\n", "1:15: the `}` is missing on this line"),
    ("locals {\n  x = 1\n\n  x = 2\n}\n", "4:3: `x` stands twice in this block"),
    ("locals {\n  x = \n}\n", "2:7: the value is missing (write it on the same line, after `=`)"),
    ("locals {\n  x\n}\n", "2:4: `x` has no value (write `x = …`, or `x { … }`)"),
    ("locals\n{\n  x = 1\n}\n", "1:7: the `{` of a block stands on the line of its name"),
    ("[aws_vpc.main]\nx = 1\n", "1:1: this is TOML, not Terraform's syntax"),
    ("locals {\n  x = a and b\n}\n", "2:9: the expression ends before this (\"and\" is written `&&`)"),
    (
        "locals {\n  x = ${foo}\n}\n",
        "2:7: an expression is expected here (`${…}` is for inside of a text: write the expression as it is)",
    ),
    ("locals {\n  \"x\" = 2\n}\n", "2:3: the name of an argument stands without quotation marks"),
    ("locals {\n  1x = 2\n}\n", "2:3: a name starts with a letter or `_`"),
    ("locals {\n  /* abc\n}\n", "2:3: this comment is not closed (end it with `*/`)"),
    ("resource \"aws_${x}\" \"y\" {\n}\n", "1:10: a name cannot hold an expression (write it as plain text)"),
];

#[test]
fn grammar_is_explained() {
    for (text, wanted) in SYNTAX {
        let found = wrong_tf(text);
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}\n{found:#?}\n{wanted}");
    }
}

/// The errors of blocks that follow one another are all told.
#[test]
fn an_error_hides_no_other() {
    let all: Vec<_> = SYNTAX.iter().filter(|it| it.1 != SYNTAX[0].1 && !it.0.starts_with('[')).collect();
    let text: String = all.iter().map(|it| it.0).collect();
    let found = wrong_tf(&text);
    assert!(found.len() + 3 >= all.len(), "{} of {}: {found:#?}", found.len(), all.len());
    let files: Vec<_> = SYNTAX.iter().enumerate().map(|(at, it)| (format!("f{at:02}.tf"), it.0)).collect();
    let files: Vec<_> = files.iter().map(|it| (it.0.as_str(), it.1)).collect();
    let (_, errors) = read_tf(&files);
    assert_eq!(errors.0.len(), SYNTAX.len());
}

#[test]
fn blocks_are_checked() {
    assert_eq!(
        wrong_tf(
            "x = 1\nresources \"a\" \"b\" {}\naws_vpc \"main\" {}\nresource \"aws_vpc\" {}\nlocals \"x\" {}\nbackend \"s3\" {}\n\
             variable \"a\" {\n  typ = string\n}\nephemeral \"a\" \"b\" {}\nmodule \"m\" {}\nlocal {}\n"
        ),
        [
            "1:1: `x` stands outside of any block (a local value stands in `locals { … }`; the value of a variable in terraform.tfvars, or as the `default` in `variable \"x\" { … }`)",
            "2:1: there is no block `resources` (did you mean `resource`?)",
            "3:1: there is no block `aws_vpc` (a resource is written `resource \"aws_vpc\" \"NAME\" { … }`)",
            "4:1: this `resource` has no name (write `resource \"TYPE\" \"NAME\" { … }`)",
            "5:8: `x` is one name too many (write `locals { … }`)",
            "6:1: there is no block `backend` (`backend` stands inside of `terraform { … }`)",
            "12:1: there is no block `local` (did you mean `locals`?)",
            "8:3: `variable.a` takes no `typ` (did you mean `type`?)",
            "10:1: ephemeral resources are not supported yet",
            "11:1: `module.m` has no `source` (add `source = …`)",
        ]
    );
}

#[test]
fn what_terraform_needs_is_checked() {
    let of = |body: &str| wrong_tf(&format!("terraform {{\n{body}\n}}\n"));
    assert_eq!(
        of("required_version = \">= 1.12\""),
        [
            "2:20: this needs Terraform `>= 1.12`, and infra is as Terraform 1.11.4 (change `required_version` where the code works with this one too)"
        ]
    );
    assert_eq!(
        of("required_version = \"latest\""),
        ["2:20: `latest` is not a version constraint (write it like \">= 1.5, < 2.0\" or \"~> 5.0\")"]
    );
    assert_eq!(
        of(
            "required_providers {\n  aws = {\n    source  = \"hashicorp/aws\"\n    version = \"~> 6.0\"\n  }\n}"
        ),
        [
            "5:15: the provider `aws` is built in as of its version 5.100.0, not `~> 6.0` (what that version has more, or has otherwise, is an error where it is used)"
        ]
    );
    assert_eq!(
        of(
            "required_providers {\n  aws = {\n    source = \"hashicorp/aws\"\n  }\n  amazon = { source = \"hashicorp/aws\" }\n}"
        ),
        [
            "6:3: the provider registry.terraform.io/hashicorp/aws is called `aws` already (keep one of the two names)"
        ]
    );
    assert_eq!(
        of("cloud {}\nexperiments = [x]\nbackend \"gcs\" {}\nbackends {}"),
        [
            "2:1: `cloud` is not supported: the state is kept in S3, or in a local file (write `backend \"s3\" { … }`; without a backend the state is a local file)",
            "3:16: no experiment of Terraform's is supported (remove it: what has been an experiment once is a part of the language, or gone)",
            "4:9: there is no backend `gcs` (the backends are `s3` and `local`)",
            "5:1: `terraform` takes no `backends` (did you mean `backend`?)",
        ]
    );
}

#[test]
fn what_is_broken_is_declared_all_the_same() {
    let found = wrong_tf(
        "variable \"a\" {\n  type = \n}\nlocals {\n  b = [1 2]\n  c = 1\n}\nmodule \"d\" {\n  source = 'x'\n}\n\
         output \"e\" {\n  value = [var.a, local.b, local.c, module.d.f]\n}\n}\n",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    let (config, _) = read_tf(&[(
        "main.tf",
        "variable \"a\" {\n  x: 1\n}\nlocals {\n  b = 'c'\n}\noutput \"e\" {\n  value = 1\n}\n}\n",
    )]);
    assert!(
        config.variables.contains_key("a")
            && config.locals.contains_key("b")
            && config.outputs.contains_key("e")
    );
}
