//! YAML.

use super::{Answer, Call, Fail, Function, Returns, Ty, any, string};
use crate::lang::types::Type;

mod decode;
mod encode;
mod scalar;

pub(super) const ALL: &[Function] = &[
    Function::new(
        "yamldecode",
        &[string("src")],
        Returns::By(|_| Type::Any),
        "The value that a YAML document holds.",
        &[
            (r#"yamldecode("hello: world").hello"#, r#""world""#),
            (r#"yamldecode("[1, two, yes]") == [1, "two", true]"#, "true"),
        ],
        read,
    ),
    Function::new(
        "yamlencode",
        &[any("value").nullable().wholly()],
        Returns::Is(Ty::String),
        "A value as a YAML document, its texts in quotation marks.",
        &[(r#"yamlencode({ a = [1, "b"] }) == "\"a\":\n- 1\n- \"b\"\n""#, "true")],
        |it| Ok(encode::document(it.value(0)?).into()),
    ),
];

fn read(it: &Call) -> Answer {
    decode::document(it.text(0)?).map_err(|why| Fail::Arg(0, format!("it is not YAML: {why}")))
}
