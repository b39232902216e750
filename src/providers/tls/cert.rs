//! What both kinds of certificates that are made here share.

use ::time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::x509::Signed;
use super::{pem, x509};
use crate::diag::did_you_mean;
use crate::lang::{Type, Value};
use crate::plan::adjust::Adjust;
use crate::providers::Result;

/// A certificate's attributes that follow from its making.
pub struct Made {
    pub id: String,
    pub pem: String,
    pub start: String,
    pub end: String,
}

impl Made {
    pub fn of(signed: &Signed) -> Made {
        let text = |it: OffsetDateTime| it.format(&Rfc3339).unwrap_or_default();
        Made {
            id: dashu_int::UBig::from_be_bytes(&signed.serial).to_string(),
            pem: pem::encode("CERTIFICATE", &signed.der),
            start: text(signed.start),
            end: text(signed.end),
        }
    }
}

/// Whether a new certificate is due.
pub fn is_due(end: &str, early_hours: i64) -> bool {
    let Ok(end) = OffsetDateTime::parse(end, &Rfc3339) else { return false };
    let early = early_hours.checked_mul(3600).map(Duration::seconds);
    let due = early.and_then(|it| end.checked_sub(it));
    due.is_none_or(|it| it <= OffsetDateTime::now_utc())
}

/// A certificate that is due is made anew.
pub fn adjust(plan: &mut Adjust) {
    let name = "ready_for_renewal";
    plan.set(name, false.into());
    let Some(was) = &plan.was else { return };
    let end = was.get("validity_end_time").and_then(Value::as_str).unwrap_or_default();
    let early =
        plan.will("early_renewal_hours").and_then(Value::as_number).map_or(0, |it| it.to_f64() as i64);
    if !end.is_empty() && is_due(end, early) {
        plan.set(name, Value::unknown(Type::Bool));
        plan.require_replace(name);
    }
}

/// At most one subject.
pub fn one_subject(plan: &mut Adjust) {
    if plan.config("subject").and_then(Value::as_items).is_some_and(|it| it.len() > 1) {
        plan.error("subject", "a certificate has one `subject`");
    }
}

/// Uses that there are not.
pub fn known_uses(plan: &mut Adjust) {
    let said = plan.config("allowed_uses").and_then(Value::as_items).unwrap_or_default();
    let unknown =
        said.iter().filter_map(Value::as_str).find(|it| !x509::use_names().any(|known| known == *it));
    if let Some(it) = unknown.map(str::to_owned) {
        let help = did_you_mean(&it, x509::use_names());
        let all = || format!("it is one of {}", x509::use_names().collect::<Vec<_>>().join(", "));
        plan.error("allowed_uses", format!("`{it}` is no use of a key: {}", help.unwrap_or_else(all)));
    }
}

/// A text list of none where it is absent.
pub fn all(it: &Option<Vec<String>>) -> &[String] {
    it.as_deref().unwrap_or_default()
}

/// What is said to be wrong, with the attribute it is in.
pub fn in_attribute<T>(name: &str, it: Result<T>) -> Result<T> {
    it.map_err(|error| crate::providers::Error::Invalid(format!("`{name}`: {}", error.message())))
}
