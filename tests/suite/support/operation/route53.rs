//! Route 53's operations have no name in the request: method and path say it.

/// The operation's name, where it is a known one.
pub fn name(method: &str, path: &str) -> Option<String> {
    // `/2013-04-01/hostedzone/Z1/rrset/`
    let parts: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).skip(1).collect();
    Some(
        match (method, &parts[..]) {
            ("POST", ["hostedzone"]) => "CreateHostedZone",
            ("GET", ["hostedzone"]) => "ListHostedZones",
            ("GET", ["hostedzone", _]) => "GetHostedZone",
            ("POST", ["hostedzone", _]) => "UpdateHostedZoneComment",
            ("DELETE", ["hostedzone", _]) => "DeleteHostedZone",
            ("GET", ["hostedzone", _, "rrset"]) => "ListResourceRecordSets",
            ("POST", ["hostedzone", _, "rrset"]) => "ChangeResourceRecordSets",
            ("GET", ["hostedzone", _, "dnssec"]) => "GetDNSSEC",
            ("POST", ["hostedzone", _, "disable-dnssec"]) => "DisableHostedZoneDNSSEC",
            ("POST", ["hostedzone", _, "associatevpc"]) => "AssociateVPCWithHostedZone",
            ("POST", ["hostedzone", _, "disassociatevpc"]) => "DisassociateVPCFromHostedZone",
            ("GET", ["hostedzonesbyname"]) => "ListHostedZonesByName",
            ("GET", ["hostedzonesbyvpc"]) => "ListHostedZonesByVPC",
            ("POST", ["healthcheck"]) => "CreateHealthCheck",
            ("GET", ["healthcheck"]) => "ListHealthChecks",
            ("GET", ["healthcheck", _]) => "GetHealthCheck",
            ("POST", ["healthcheck", _]) => "UpdateHealthCheck",
            ("DELETE", ["healthcheck", _]) => "DeleteHealthCheck",
            ("POST", ["tags", _]) => "ListTagsForResources",
            ("GET", ["tags", _, _]) => "ListTagsForResource",
            ("POST", ["tags", _, _]) => "ChangeTagsForResource",
            ("GET", ["change", _]) => "GetChange",
            _ => return None,
        }
        .to_owned(),
    )
}
