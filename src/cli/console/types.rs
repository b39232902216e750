//! Types as `type(…)` shows them: objects and tuples over several lines.

use crate::lang::Type;

/// As Terraform's console prints it.
pub fn text(ty: &Type) -> String {
    let mut out = String::new();
    write(ty, 0, &mut out);
    out
}

fn write(ty: &Type, depth: usize, out: &mut String) {
    match ty {
        Type::Any => out.push_str("dynamic"),
        Type::Bool => out.push_str("bool"),
        Type::Number => out.push_str("number"),
        Type::String => out.push_str("string"),
        Type::List(of) => collection("list", of, depth, out),
        Type::Set(of) => collection("set", of, depth, out),
        Type::Map(of) => collection("map", of, depth, out),
        Type::Object(fields) if fields.is_empty() => out.push_str("object({})"),
        Type::Object(fields) => {
            out.push_str("object({\n");
            for (name, field) in fields.iter() {
                indent(depth + 1, out);
                out.push_str(&format!("{name}: "));
                write(&field.ty, depth + 1, out);
                out.push_str(",\n");
            }
            indent(depth, out);
            out.push_str("})");
        }
        Type::Tuple(all) if all.is_empty() => out.push_str("tuple([])"),
        Type::Tuple(all) => {
            out.push_str("tuple([\n");
            for it in all.iter() {
                indent(depth + 1, out);
                write(it, depth + 1, out);
                out.push_str(",\n");
            }
            indent(depth, out);
            out.push_str("])");
        }
    }
}

fn collection(name: &str, of: &Type, depth: usize, out: &mut String) {
    out.push_str(name);
    out.push('(');
    if matches!(of, Type::Object(_) | Type::Tuple(_)) {
        out.push('\n');
        indent(depth + 1, out);
        write(of, depth + 1, out);
        out.push_str(",\n");
        indent(depth, out);
    } else {
        write(of, depth, out);
    }
    out.push(')');
}

fn indent(depth: usize, out: &mut String) {
    out.push_str(&"    ".repeat(depth));
}
