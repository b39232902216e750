//! Pages of functions.

use super::{Page, Piece, Section};
use crate::lang::Type;
use crate::lang::functions::{Form, Function, Returns};

pub fn of_function(it: &Function) -> Page {
    page(it.name, &signature(it), it.doc, it.examples)
}

/// `try` and `can`.
pub fn of_form(name: &str, it: &Form) -> Page {
    page(name, it.usage, it.doc, it.examples)
}

fn page(name: &str, usage: &str, doc: &str, examples: &[(&str, &str)]) -> Page {
    let body = vec![Piece::Paragraph(doc.to_owned()), Piece::Code("hcl".to_owned(), usage.to_owned())];
    let lines: Vec<String> = examples.iter().map(|(call, answer)| format!("> {call}\n{answer}")).collect();
    let example = Section {
        title: "Examples",
        body: vec![
            Piece::Code("hcl".to_owned(), lines.join("\n")),
            Piece::Paragraph("Try more of it in `infra console`.".to_owned()),
        ],
        entries: Vec::new(),
    };
    Page { title: name.to_owned(), about: "function", body, sections: vec![example] }
}

/// `substr(str: string, offset: number, length: number) → string`.
pub fn signature(it: &Function) -> String {
    let ty = |it: Type| it.to_string().replace("dynamic", "any");
    let fixed = it.params.iter().map(|param| format!("{}: {}", param.name, ty(param.ty.get())));
    let rest = it.rest.iter().map(|param| format!("{}…: {}", param.name, ty(param.ty.get())));
    let params: Vec<String> = fixed.chain(rest).collect();
    let result = match it.returns {
        Returns::Is(it) => format!(" → {}", ty(it.get())),
        Returns::By(_) | Returns::Checked(_) => String::new(),
    };
    format!("{}({}){result}", it.name, params.join(", "))
}
