//! Where a space stands between two tokens of a line, and where none does.

use super::token::{Kind, Token};

/// Whether a space follows `token`, which stands between these two.
pub fn after(token: &Token, before: Option<&Token>, next: &Token) -> bool {
    use Kind::*;
    match (token.kind, next.kind) {
        (_, Newline) | (Ident, OpenParen) | (Ident, DoubleColon) | (DoubleColon, Ident) => false,
        (Dot, _) | (_, Dot | Comma | Ellipsis) => false,
        (Comma, _) => true,
        (Quoted | Literal | OpenQuote | OpenHeredoc, _) => false,
        (_, Quoted | Literal | CloseQuote | CloseHeredoc) => false,
        // The `in` of `for x in [y]` is no name that is indexed.
        (Ident, _) if token.text == "in" && before.is_some_and(|it| it.kind == Ident) => true,
        (Ident | Number, OpenBracket) => false,
        (_, OpenBracket) if token.depth() < 0 => false,
        (Bang, _) => false,
        (Minus, _) => !is_sign(before),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        (Interpolation | Directive, OpenBrace) | (CloseBrace, CloseTemplate) => true,
        (CloseTemplate, Interpolation | Directive) => false,
        _ => token.depth() <= 0 && next.depth() >= 0,
    }
}

/// Whether a minus after this is a sign, not an operator.
fn is_sign(before: Option<&Token>) -> bool {
    use Kind::*;
    let Some(before) = before else { return true };
    let opens = matches!(before.kind, OpenParen | OpenBrace | OpenBracket);
    let separates = matches!(before.kind, Equal | Colon | Comma | Question);
    opens || separates || matches!(before.kind, Arithmetic | Minus | Comparison | Logic | Bang)
}
