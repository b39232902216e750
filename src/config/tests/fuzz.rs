//! Stack files that nobody would write.

use super::*;
use crate::lang::tests::fuzz::fuzz;

const STACKS: &[&str] = &[
    include_str!("../../../tests/cases/network/stack.toml"),
    include_str!("../../../tests/cases/security_groups/stack.toml"),
    "[variable.a]\ntype = 'object({ a = optional(string, \"x\"), b = list(any) })'\ndefault = { b = [] }\n",
    "[locals]\na = '${[for x in var.b : x if x != \"\"]}'\nb = \"\"\"\n%{ if true }\n  ${local.a}\n%{ endif }\n\"\"\"\n",
    "[[moved]]\nfrom = \"aws_vpc.a\"\nto = \"aws_vpc.b[0]\"\n\n[output.x]\nvalue = \"${aws_vpc.b[0].id}\"\nsensitive = true\n",
    "[aws_vpc.main]\nfor_each = '${toset([\"a\"])}'\ncidr_block = \"10.0.0.0/16\"\nlifecycle = { ignore_changes = [\"tags\"] }\n",
];

#[test]
fn no_stack_file_does_harm() {
    fuzz(STACKS, |text| {
        for name in ["stack.toml", "env/dev.toml"] {
            if let Err(errors) = load_texts(&[(name, text)]) {
                assert!(!errors.0.is_empty());
                drop(told(&errors));
            }
        }
    });
}
