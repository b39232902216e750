use crate::report::Screen;

/// How a plan is laid out.
#[derive(clap::Args, Debug, Clone)]
pub struct Layout {
    /// As text, or in Markdown for a comment on a pull request (docs/pull-requests.md).
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
}

impl Layout {
    /// Prepares the screen for it. A stack without a name goes by its folder's.
    pub fn begin(&self, screen: &Screen) {
        if self.format == Format::Markdown {
            let folder = std::env::current_dir().unwrap_or_default();
            let name = folder.file_name().map(|it| it.to_string_lossy().into_owned());
            screen.becomes_document(&name.unwrap_or_else(|| "stack".to_owned()));
        }
    }
    pub fn is_markdown(&self) -> bool {
        self.format == Format::Markdown
    }
}
