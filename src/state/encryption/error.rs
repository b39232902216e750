//! What goes wrong with encrypted files: the words for it, and what to do.

use crate::aws;
use crate::diag::Diagnostic;

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("it is encrypted, and the stack does not say how to decrypt it")]
    Encrypted { by: Vec<String> },
    #[error("it is not encrypted, and the stack wants it to be")]
    NotEncrypted,
    #[error("the passphrase is not the one it was encrypted with")]
    WrongPassphrase,
    /// The tag does not fit: other bytes, or another key.
    #[error("its content has been changed or damaged since it was encrypted, or the key is another one")]
    Changed,
    /// What stands in the clear is not what stands inside.
    #[error("its `{0}` has been changed since it was encrypted")]
    Header(&'static str),
    #[error("it was encrypted with another key provider: {}", by.join(", "))]
    OtherProvider { by: Vec<String> },
    /// No method opens it: each, and why.
    #[error("it cannot be decrypted")]
    Unopened(Vec<(String, Problem)>),
    #[error("{0}")]
    Broken(String),
    #[error("it is encrypted in a format `{0}` that is not known")]
    Version(String),
    #[error("AES-GCM takes keys of 16 or 32 bytes, and this one has {0}")]
    KeyLength(usize),
    #[error("cannot {what} KMS key {key}: {error}")]
    Kms { what: &'static str, key: String, error: Box<aws::Error> },
    #[error("there is no key to encrypt with")]
    NoKey,
    #[error("the system gives no random numbers")]
    NoRandom,
    #[error("it is too long to be encrypted")]
    TooLong,
}

impl Problem {
    /// What the user reads: about the file that `origin` names.
    pub fn diagnostic(&self, origin: &str) -> Diagnostic {
        if let Problem::Unopened(all) = self
            && let [(method, one)] = &all[..]
        {
            let summary = format!("{origin} cannot be decrypted with `{method}`: {one}");
            return Diagnostic::error(summary).maybe_help(one.help());
        }
        let out = match self {
            Problem::Kms { .. } | Problem::NoKey | Problem::NoRandom | Problem::TooLong => {
                Diagnostic::error(format!("{origin}: {self}"))
            }
            _ => Diagnostic::error(format!("cannot read {origin}: {self}")),
        };
        match self {
            Problem::Unopened(all) => {
                let all = all.iter().map(|(method, it)| format!("{method}: {it}"));
                out.detail(all.collect::<Vec<_>>().join("\n")).maybe_help(self.help())
            }
            _ => out.maybe_help(self.help()),
        }
    }

    /// What to do.
    fn help(&self) -> Option<String> {
        Some(match self {
            Problem::Encrypted { by } => format!(
                "its key comes from {}: say so in [stack.encryption] with its `state.method`, or in the environment \
                 variable INFRA_ENCRYPTION",
                names(by)
            ),
            Problem::NotEncrypted => {
                "while everything is being encrypted, let what is not be read: declare \
                 [stack.encryption.method.unencrypted.NAME] and name it as `fallback.method` in \
                 [stack.encryption.state]; then run `infra state reencrypt` and remove both again"
                    .to_owned()
            }
            Problem::WrongPassphrase => {
                "give the passphrase it was written with; after a change, the old one stays readable through a \
                 `fallback` with a method and a key provider of its own"
                    .to_owned()
            }
            Problem::Changed | Problem::Header(_) | Problem::Broken(_) => {
                "if the key is the right one, take an older version of the file: the backup beside it, or S3's \
                 versions of the object"
                    .to_owned()
            }
            Problem::OtherProvider { by } => format!(
                "add a `fallback` whose method has its keys from {}: what is written then is encrypted by the first \
                 method",
                names(by)
            ),
            Problem::Unopened(_) => {
                "one of the methods must be the one it was written with: the passphrase, the KMS key and the \
                 permissions of each"
                    .to_owned()
            }
            Problem::Version(_) => "a newer tool has written it: use that one, or a newer infra".to_owned(),
            Problem::KeyLength(_) => "set `key_length` to 32, or `key_spec` to \"AES_256\"".to_owned(),
            Problem::Kms { error, .. } => return kms_help(error),
            Problem::NoKey | Problem::NoRandom | Problem::TooLong => return None,
        })
    }
}

fn names(by: &[String]) -> String {
    let all: Vec<_> = by.iter().map(|it| format!("`{it}`")).collect();
    if all.is_empty() { "a key provider that it does not name".to_owned() } else { all.join(" and ") }
}

fn kms_help(error: &aws::Error) -> Option<String> {
    let text = match error.code()? {
        "AccessDeniedException" => {
            "these credentials need kms:GenerateDataKey to write and kms:Decrypt to read, in their own policy or \
             in that of the key"
        }
        "NotFoundException" => "correct `kms_key_id` or `region` of the key provider",
        "IncorrectKeyException" => {
            "it was written with another KMS key: name that one in a key provider and a method for `fallback`"
        }
        "InvalidCiphertextException" => {
            "the encrypted data key or the `encryption_context` beside it has been changed, or is of another account \
             or region"
        }
        "DisabledException" | "KMSInvalidStateException" => {
            "the key is disabled or about to be deleted: enable it, or cancel its deletion"
        }
        _ => return None,
    };
    Some(text.to_owned())
}
