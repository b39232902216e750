//! Pages of functions.

use super::{Page, Piece, Section};
use crate::lang::functions::{Form, Function};

pub fn of_function(it: &Function) -> Page {
    page(it.name, &it.signature(), it.doc, it.examples)
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
