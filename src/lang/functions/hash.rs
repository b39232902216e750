//! Digests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

use super::{Fail, Function, Returns, Ty, string};

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "base64sha256",
        &[string("str")],
        STRING,
        "The SHA-256 digest of a text, in base64.",
        &[("base64sha256(\"hello\")", "\"LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\"")],
        |it| Ok(STANDARD.encode(sha2::Sha256::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "base64sha512",
        &[string("str")],
        STRING,
        "The SHA-512 digest of a text, in base64.",
        &[("substr(base64sha512(\"hello\"), 0, 12)", "\"m3HSJL1i83hd\"")],
        |it| Ok(STANDARD.encode(sha2::Sha512::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "md5",
        &[string("str")],
        STRING,
        "The MD5 digest of a text, in hexadecimal.",
        &[("md5(\"hello\")", "\"5d41402abc4b2a76b9719d911017c592\"")],
        |it| Ok(hex(&md5::Md5::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "sha1",
        &[string("str")],
        STRING,
        "The SHA-1 digest of a text, in hexadecimal.",
        &[("sha1(\"hello\")", "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"")],
        |it| Ok(hex(&sha1::Sha1::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "sha256",
        &[string("str")],
        STRING,
        "The SHA-256 digest of a text, in hexadecimal.",
        &[("sha256(\"hello\")", "\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"")],
        |it| Ok(hex(&sha2::Sha256::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "sha512",
        &[string("str")],
        STRING,
        "The SHA-512 digest of a text, in hexadecimal.",
        &[("substr(sha512(\"hello\"), 0, 16)", "\"9b71d224bd62f378\"")],
        |it| Ok(hex(&sha2::Sha512::digest(it.text(0)?)).into()),
    ),
    Function::new(
        "uuidv5",
        &[string("namespace"), string("name")],
        STRING,
        "The UUID of a name in a namespace: dns, url, oid, x500 or a UUID.",
        &[("uuidv5(\"dns\", \"www.terraform.io\")", "\"a5008fae-b28c-5ba5-96cd-82b4c53552d6\"")],
        |it| {
            let space = match it.text(0)? {
                "dns" => uuid::Uuid::NAMESPACE_DNS,
                "url" => uuid::Uuid::NAMESPACE_URL,
                "oid" => uuid::Uuid::NAMESPACE_OID,
                "x500" => uuid::Uuid::NAMESPACE_X500,
                other => uuid::Uuid::parse_str(other)
                    .map_err(|_| Fail::Arg(0, "it must be dns, url, oid, x500 or a UUID".to_owned()))?,
            };
            Ok(uuid::Uuid::new_v5(&space, it.text(1)?.as_bytes()).to_string().into())
        },
    ),
];

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
