//! Versions of engines: a stack may say `16` where AWS runs `16.4`.

/// Whether AWS runs what the stack says: that version, or a more exact one.
pub fn covers(said: &str, runs: &str) -> bool {
    !said.is_empty() && (said == runs || runs.strip_prefix(said).is_some_and(|it| it.starts_with('.')))
}

/// What to call the version that AWS runs: as `kept` (the state, or the plan) does, where that covers it, or
/// where it is what AWS is about to run.
pub fn as_kept(kept: Option<&str>, runs: &str, soon: Option<&str>) -> String {
    match kept {
        Some(kept) if covers(kept, runs) || soon.is_some_and(|it| it == kept) => kept.to_owned(),
        _ => runs.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_version_covers_what_runs() {
        for (said, runs, is) in [
            ("16", "16.4", true),
            ("16.4", "16.4", true),
            ("5.7", "5.7.mysql_aurora.2.11.2", true),
            ("1", "16.4", false),
            ("16.4", "16.40", false),
            ("16.5", "16.4", false),
            ("", "16.4", false),
        ] {
            assert_eq!(covers(said, runs), is, "{said} {runs}");
        }
    }

    #[test]
    fn what_aws_is_about_to_run_is_no_drift() {
        assert_eq!(as_kept(Some("16.5"), "16.4", Some("16.5")), "16.5");
        assert_eq!(as_kept(Some("16.3"), "16.4", Some("16.5")), "16.4");
        assert_eq!(as_kept(Some("16"), "16.4", None), "16");
        assert_eq!(as_kept(None, "16.4", None), "16.4");
    }
}
