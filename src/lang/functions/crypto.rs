//! Passwords, keys and random values.

use super::encoding::base64_bytes;
use super::{Answer, Call, Fail, Function, Returns, Ty, number, string};

mod rsa;

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "bcrypt",
        &[string("str")],
        STRING,
        "The bcrypt hash of a text, another at each call; the cost is 10 if none is given.",
        &[(r#"substr(bcrypt("secret", 4), 0, 7)"#, r#""$2a$04$""#)],
        hash,
    )
    .rest(number("cost")),
    Function::new(
        "rsadecrypt",
        &[string("ciphertext"), string("privatekey")],
        STRING,
        "The text that an RSA key decrypts (PKCS #1 v1.5): the encrypted one in base64, the key as PEM.",
        &[(r#"can(rsadecrypt("eA==", "no key"))"#, "false")],
        decrypt,
    ),
    Function::new(
        "uuid",
        &[],
        STRING,
        "A random UUID, another at each call.",
        &[("length(uuid())", "36")],
        |_| Ok(uuid::Uuid::new_v4().to_string().into()),
    ),
];

/// More bytes than these bcrypt does not look at.
const LONGEST_PASSWORD: usize = 72;
const DEFAULT_COST: u32 = 10;

fn hash(it: &Call) -> Answer {
    it.only(2)?;
    let text = it.text(0)?;
    if text.len() > LONGEST_PASSWORD {
        let why = format!("it must not be longer than {LONGEST_PASSWORD} bytes; it has {}", text.len());
        return Err(Fail::Arg(0, why));
    }
    let cost = match it.args.get(1) {
        Some(_) => it.integer(1)?,
        None => DEFAULT_COST.into(),
    };
    // As Go has it: less than the least is the default.
    let cost = match u32::try_from(cost) {
        Ok(cost @ 4..=31) => cost,
        _ if cost < 4 => DEFAULT_COST,
        _ => return Err(Fail::Arg(1, format!("it must be a number from 4 to 31, not {cost}"))),
    };
    let parts = bcrypt::hash_with_result(text, cost).map_err(|why| Fail::Whole(why.to_string()))?;
    Ok(parts.format_for_version(bcrypt::Version::TwoA).into())
}

fn decrypt(it: &Call) -> Answer {
    let key = rsa::Key::from_pem(it.text(1)?).map_err(|why| Fail::Arg(1, why))?;
    let secret = base64_bytes(it.text(0)?).map_err(|why| Fail::Arg(0, why))?;
    let refuse = || Fail::Arg(0, "the key does not decrypt it".to_owned());
    let text = key.decrypt(&secret).and_then(|it| String::from_utf8(it).ok());
    Ok(text.ok_or_else(refuse)?.into())
}
