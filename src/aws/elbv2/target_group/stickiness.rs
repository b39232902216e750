//! Whether requests of one client go to one target.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{Attributes, Needed};

/// Whether requests of one client go to one target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stickiness {
    /// By what a client is known: `lb_cookie`, `app_cookie`; `source_ip` behind a network load balancer,
    /// `source_ip_dest_ip` or `source_ip_dest_ip_proto` behind a gateway.
    #[schemars(extend("enum" = ["lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"]))]
    pub r#type: Needed<String>,
    /// Whether it is done.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
    /// Seconds for which a cookie holds.
    #[schemars(range(min = 0, max = 604800), extend("default" = 86400))]
    pub cookie_duration: Option<i64>,
    /// The application's cookie, with `app_cookie`.
    pub cookie_name: Option<String>,
}

const ENABLED: &str = "stickiness.enabled";
const TYPE: &str = "stickiness.type";
const LB_DURATION: &str = "stickiness.lb_cookie.duration_seconds";
const APP_DURATION: &str = "stickiness.app_cookie.duration_seconds";
const APP_NAME: &str = "stickiness.app_cookie.cookie_name";

/// Protocols with cookies.
fn has_cookies(speaks: &str) -> bool {
    matches!(speaks, "HTTP" | "HTTPS")
}

impl Stickiness {
    pub fn seen(told: &Attributes, speaks: &str) -> Self {
        let text = |key: &str| told.get(key).cloned();
        let number = |key: &str| told.get(key).and_then(|it| it.parse().ok());
        let kind = text(TYPE).unwrap_or_default();
        let cookies = has_cookies(speaks);
        let (cookie_duration, cookie_name) = match kind.as_str() {
            "lb_cookie" if cookies => (number(LB_DURATION), None),
            "app_cookie" if cookies => (number(APP_DURATION), text(APP_NAME)),
            _ => (None, None),
        };
        let enabled = told.get(ENABLED).map(|it| it == "true");
        Stickiness { r#type: Needed(kind), enabled, cookie_duration, cookie_name }
    }

    /// The attributes that say it.
    pub fn told(&self, speaks: &str) -> Vec<(String, String)> {
        let kind = self.r#type.as_str();
        let duration = self.cookie_duration.unwrap_or_default().to_string();
        let name = self.cookie_name.clone().unwrap_or_default();
        let mut out =
            vec![(ENABLED, (self.enabled == Some(true)).to_string()), (TYPE, self.r#type.0.clone())];
        match kind {
            "lb_cookie" if has_cookies(speaks) => out.push((LB_DURATION, duration)),
            "app_cookie" if has_cookies(speaks) => out.extend([(APP_NAME, name), (APP_DURATION, duration)]),
            _ => {}
        }
        out.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// What switches it off.
    pub fn off() -> Vec<(String, String)> {
        vec![(ENABLED.to_owned(), "false".to_owned())]
    }
}
