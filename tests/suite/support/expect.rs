//! Expected texts beside the cases. `INFRA_BLESS=1 cargo test` rewrites them: read the difference.

use std::path::Path;

use regex_lite::Regex;

/// Compares with the file's content, or writes it where asked to.
#[track_caller]
pub fn same_as(file: &Path, text: &str) {
    if std::env::var_os("INFRA_BLESS").is_some() {
        std::fs::write(file, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(file).unwrap_or_else(|it| {
        panic!("{}: {it} (INFRA_BLESS=1 writes it). The text is:\n{text}", file.display())
    });
    if expected != text {
        let difference = similar::TextDiff::from_lines(expected.as_str(), text);
        panic!(
            "{} differs (INFRA_BLESS=1 rewrites it):\n{}",
            file.display(),
            difference.unified_diff().context_radius(3).header("expected", "is")
        );
    }
}

/// What differs from run to run.
const VARYING: &[(&str, &str)] = &[
    // The last parts of the ARNs of load balancers, their listeners and rules, and target groups.
    (r"/[0-9a-f]{16}(_|\b)", "/ID$1"),
    (
        r"\b(a|acl|dopt|eipalloc|eipassoc|eni|fl|i|igw|lt|nat|pcx|pg|pl|rtbassoc|rtb|r|sgr|sg|snap|subnet|vol|vpce|vpc)-[0-9a-f]{8,}",
        "$1-ID",
    ),
    (r"\b(cluster|db)-[A-Z0-9]{26}\b", "$1-ID"),
    (r"\b(ns|srv)-[0-9a-z]{8,}", "$1-ID"),
    (r"\bsgrule-\d+", "sgrule-ID"),
    (r"\bvai-\d+", "vai-ID"),
    (r"\beni-attach-[0-9a-f]{8,}", "eni-attach-ID"),
    (r"\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b", "MAC"),
    // Zones, also in the ids of their records.
    (r"\b[A-Z0-9]{22}(_|\b)", "ZONE$1"),
    (r"\bmrk-[0-9a-f]{32}\b", "mrk-ID"),
    (r"\b(A[A-Z]{3})[A-Z0-9]{16,17}\b", "$1-ID"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    // What follows the prefix of a name we make.
    (r"-[0-9a-f]{26}\b", "-NAME"),
    // Tokens, which name versions of secrets too.
    (r"\b[0-9a-fA-F]{32}\b", "TOKEN"),
    (r":secret:([\w/-]+)-[A-Za-z]{6}\b", ":secret:$1-RANDOM"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z|\+00:?00)?( \+0000)?( UTC)?", "TIME"),
    (r"127\.0\.0\.1:\d+", "HOST"),
    // Distributions and what goes with them.
    (r"\bE[A-Z0-9]{13}\b", "E-ID"),
    (r"\bip-10-\d+-\d+-\d+\b", "ip-ADDRESS"),
    (r#"((?:ipv4|private_ip) +=) "10\.\d+\.\d+\.\d+""#, "$1 ADDRESS"),
    (r"\b\d+m?\d*(\.\d+)?(s| ms)\b", "SECONDS"),
    // Of two instances of a cluster that are made at once, whichever comes first.
    (r"(writer +=) (true|false)", "$1 EITHER"),
    // It may hold the account's number, and nobody can read it.
    (r#"(user_data +=) "[A-Za-z0-9+/=]{60,}""#, "$1 USER-DATA"),
    // Also behind the letter that begins a name made of it.
    (r"\b([a-z]?)10\d{10}\b", "${1}ACCOUNT"),
];

/// The same text for each run of the same thing.
pub fn normal(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, to) in VARYING {
        text = Regex::new(pattern).unwrap().replace_all(&text, *to).into_owned();
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned() + "\n"
}

#[test]
fn what_varies_is_replaced() {
    let text = "vpc-0a1b2c3d4e at 2026-01-02T03:04:05Z for 100000000007 in 1m2s  \n";
    assert_eq!(normal(text), "vpc-ID at TIME for ACCOUNT in SECONDS\n");
    assert_eq!(normal("listener/app/web/0011223344556677/8899aabbccddeeff"), "listener/app/web/ID/ID\n");
    assert_eq!(normal("10.0.0.0/16 rtbassoc-00112233"), "10.0.0.0/16 rtbassoc-ID\n");
}
