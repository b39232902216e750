//! The tokens of HCL, down to the white space between them.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Newline,
    /// `# …` and `// …` with their line end, and `/* … */`.
    Comment,
    Ident,
    Number,
    OpenQuote,
    CloseQuote,
    /// Literal text between quotation marks.
    Quoted,
    /// `<<EOT` with its line end.
    OpenHeredoc,
    /// The line that ends a heredoc, without its line end.
    CloseHeredoc,
    /// Literal text of a heredoc, or of a bare template.
    Literal,
    /// `${`
    Interpolation,
    /// `%{`
    Directive,
    /// The `}` of either.
    CloseTemplate,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Dot,
    Comma,
    Ellipsis,
    Colon,
    DoubleColon,
    Question,
    Equal,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`
    Comparison,
    /// `&&`, `||`
    Logic,
    Bang,
    Minus,
    /// `+`, `*`, `/`, `%`
    Arithmetic,
    Arrow,
    /// What is none of these.
    Other,
}

/// A token and how many spaces stand before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub before: usize,
}

impl<'a> Token<'a> {
    pub fn new(kind: Kind, text: &'a str) -> Self {
        Token { kind, text, before: 0 }
    }

    /// Whether a line ends with it.
    pub fn ends_line(&self) -> bool {
        self.kind == Kind::Newline || self.kind == Kind::Comment && self.text.ends_with('\n')
    }

    /// 1 where it opens a bracket, -1 where it closes one.
    pub fn depth(&self) -> i32 {
        match self.kind {
            Kind::OpenBrace | Kind::OpenBracket | Kind::OpenParen | Kind::Interpolation | Kind::Directive => {
                1
            }
            Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen | Kind::CloseTemplate => -1,
            _ => 0,
        }
    }
}
