//! What AWS does not tell of a target group, and a state keeps all the same.

use super::TargetGroup;

impl TargetGroup {
    /// What AWS does not tell stays as it is kept: some of it is other targets' only.
    pub(super) fn keep_unsaid(&mut self, kept: &Self) {
        macro_rules! keep {
            ($($field:ident),*) => {
                $(if self.$field.is_none() {
                    self.$field = kept.$field.clone();
                })*
            };
        }
        keep!(lambda_multi_value_headers_enabled, proxy_protocol_v2, slow_start, deregistration_delay);
        keep!(connection_termination, load_balancing_algorithm_type, load_balancing_anomaly_mitigation);
        keep!(load_balancing_cross_zone_enabled, preserve_client_ip);
        // What a group without such targets is by default.
        if self.deregistration_delay.is_none() {
            self.deregistration_delay = Some("300".to_owned());
        }
        if self.is_lambda() {
            keep!(port, protocol, protocol_version, vpc_id);
            self.keep_unsaid_check(kept);
        }
    }

    /// Functions are asked neither at a port nor in a protocol.
    fn keep_unsaid_check(&mut self, kept: &Self) {
        let (Some(it), Some(kept)) = (self.health_check.0.0.as_mut(), kept.health_check.as_ref()) else {
            return;
        };
        if it.port.is_none() {
            it.port = kept.port.clone();
        }
        if it.protocol.is_none() {
            it.protocol = kept.protocol.clone();
        }
    }
}
