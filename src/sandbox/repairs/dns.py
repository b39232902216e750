# Route 53 and ACM: what AWS answers and moto does not. Each file of this folder stands before the launcher,
# which runs its repairs.


def repair_route53_changes():
    # AWS gives each change an id of its own, and takes its time until all name servers know of it; in moto
    # all share one, and are known everywhere at once. Half a second stands for AWS's half a minute.
    import time
    import uuid

    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow
    from moto.route53.responses import Route53

    begun = {}

    def change():
        name = "C" + uuid.uuid4().hex[:20].upper()
        begun[name] = time.monotonic()
        return {"Id": f"/change/{name}", "Status": "PENDING", "SubmittedAt": utcnow()}

    def get_change(self):
        name = self._get_param("Id").rsplit("/", 1)[-1]
        over = time.monotonic() - begun.get(name, 0) > 0.5
        status = "INSYNC" if over else "PENDING"
        return ActionResult({"ChangeInfo": {"Id": f"/change/{name}", "Status": status, "SubmittedAt": utcnow()}})

    Route53.get_change = get_change
    Route53.change_begun = staticmethod(change)


def repair_route53_zones():
    # A zone that is made with a VPC is private, whether or not the call says so as well; moto asks for both.
    # A caller reference makes one zone; moto makes another. A VPC stands once beside a zone.
    from moto.core.responses import ActionResult
    from moto.route53.exceptions import HostedZoneNotEmpty, Route53ClientError
    from moto.route53.models import FakeZone, Route53Backend
    from moto.route53.responses import Route53

    def create_hosted_zone(self):
        vpc, config = self._get_param("VPC") or {}, self._get_param("HostedZoneConfig") or {}
        name, reference = self._get_param("Name"), self._get_param("CallerReference")
        if any(it.caller_reference == reference for it in self.backend.zones.values()):
            text = "A hosted zone has already been created with the specified caller reference."
            raise Route53ClientError("HostedZoneAlreadyExists", text)
        name = name.lower() if name.endswith(".") else name.lower() + "."
        zone = self.backend.create_hosted_zone(
            name,
            comment=config.get("Comment"),
            private_zone=bool(vpc),
            caller_reference=reference,
            vpcid=vpc.get("VPCId"),
            vpcregion=vpc.get("VPCRegion"),
            delegation_set_id=self._get_param("DelegationSetId"),
        )
        # moto wraps the value of this record twice.
        for it in zone.rrsets:
            it.records = [one["Value"] if isinstance(one, dict) else one for one in it.records]
        return ActionResult(
            {
                "HostedZone": zone,
                "ChangeInfo": self.change_begun(),
                "DelegationSet": None if vpc else zone.delegation_set,
                "VPC": vpc or None,
                "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.resource_id}",
            }
        )

    def associate(self):
        zone, vpc = self.backend.get_hosted_zone(self._get_param("HostedZoneId")), self._get_param("VPC")
        if any(it["vpc_id"] == vpc["VPCId"] for it in zone.vpcs):
            text = (
                f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} has already been associated with the "
                f"hosted zone {zone.resource_id} with the same domain name."
            )
            raise Route53ClientError("ConflictingDomainExists", text)
        self.backend.associate_vpc_with_hosted_zone(zone.id, vpc["VPCId"], vpc["VPCRegion"])
        return ActionResult({"ChangeInfo": self.change_begun()})

    def disassociate(self):
        zone, vpc = self.backend.get_hosted_zone(self._get_param("HostedZoneId")), self._get_param("VPC")
        if all(it["vpc_id"] != vpc["VPCId"] for it in zone.vpcs):
            text = f"The specified VPC {vpc['VPCId']} is not associated with the hosted zone."
            raise Route53ClientError("VPCAssociationNotFound", text)
        self.backend.disassociate_vpc_from_hosted_zone(zone.id, vpc["VPCId"])
        return ActionResult({"ChangeInfo": self.change_begun()})

    def delete_hosted_zone(self):
        zone = self.backend.get_hosted_zone(self._get_param("Id"))
        # Name servers of names below are records like any others.
        if any(it.type not in ("NS", "SOA") or it.name != zone.name for it in zone.rrsets):
            raise HostedZoneNotEmpty()
        self.backend.zones.pop(zone.resource_id, None)
        self.backend.resource_tags.pop(zone.resource_id, None)
        return ActionResult({"ChangeInfo": self.change_begun()})

    Route53.create_hosted_zone = create_hosted_zone
    Route53.associate_vpc_with_hosted_zone = associate
    Route53.disassociate_vpc_from_hosted_zone = disassociate
    Route53.delete_hosted_zone = delete_hosted_zone


def repair_route53_records():
    # AWS tells records apart by name, type and set identifier, refuses to create one that is there and to
    # remove one that is not there or says something else, and does all of a batch or nothing. moto remembers
    # what was asked instead of looking at what is there, and removes by set identifier whatever the name.
    # AWS returns every routing policy, no time to live for an alias, and a star as `\052`.
    from moto.core.responses import ActionResult
    from moto.route53.exceptions import DnsNameInvalidForZone, InvalidChangeBatch, InvalidInput, Route53ClientError
    from moto.route53.models import RecordSet, reverse_domain_name
    from moto.route53.responses import Route53

    init = RecordSet.__init__

    def remembering(self, kwargs):
        init(self, kwargs)
        self.ttl = kwargs.get("TTL")
        self.cidr_routing_config = kwargs.get("CidrRoutingConfig")
        self.geo_proximity_location = kwargs.get("GeoProximityLocation")

    RecordSet.__init__ = remembering

    def spelled(name):
        name = name.lower() if name.endswith(".") else name.lower() + "."
        return name.replace("*", "\\052")

    def record(change):
        new = dict(change["ResourceRecordSet"])
        new["Name"] = spelled(new["Name"])
        if "AliasTarget" in new:
            alias = dict(new["AliasTarget"])
            alias["DNSName"] = alias["DNSName"].lower().rstrip(".") + "."
            new["AliasTarget"] = alias
        new["ResourceRecords"] = [it["Value"] for it in new.get("ResourceRecords") or []]
        return RecordSet(new)

    def place(it):
        return it.name, it.type, it.set_identifier

    def says(it):
        keys = ("weight", "region", "failover", "geo_location", "multi_value_answer", "alias_target", "health_check_id")
        ttl = None if it.ttl is None else int(it.ttl)
        return ttl, sorted(it.records), [str(getattr(it, key)) for key in keys]

    def refused(text):
        return Route53ClientError("InvalidChangeBatch", f"[{text}]")

    def applied(zone, changes):
        there = {place(it): it for it in zone.rrsets}
        for change in changes:
            it, action = record(change), change["Action"]
            at, named = place(it), f"[name='{it.name}', type='{it.type}'"
            named += f", set identifier='{it.set_identifier}']" if it.set_identifier else "]"
            if it.name != zone.name and not it.name.endswith("." + zone.name):
                raise DnsNameInvalidForZone(name=it.name, zone_name=zone.name)
            if not it.records and not it.alias_target:
                raise InvalidInput(
                    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
                    f"TrafficPolicyInstanceId], but found none in Change with [Action={action}, Name={it.name}]"
                )
            if action == "CREATE" and at in there:
                raise refused(f"Tried to create resource record set {named} but it already exists")
            if action != "DELETE":
                there[at] = it
                continue
            if at not in there:
                raise refused(f"Tried to delete resource record set {named} but it was not found")
            if says(there[at]) != says(it):
                text = "but the values provided do not match the current values"
                raise refused(f"Tried to delete resource record set {named} {text}")
            if it.name == zone.name and it.type == "NS":
                raise refused("A HostedZone must contain at least one NS record for the zone itself.")
            if it.name == zone.name and it.type == "SOA":
                raise refused("A HostedZone must contain exactly one SOA record.")
            del there[at]
        return list(there.values())

    def change_resource_record_sets(self):
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        changes = self._get_param("ChangeBatch.Changes")
        times = {"UPSERT": 2}
        values = (len(it["ResourceRecordSet"].get("ResourceRecords") or []) * times.get(it["Action"], 1) for it in changes)
        if sum(values) > 1000:
            raise InvalidChangeBatch
        zone.rrsets = applied(zone, changes)
        return ActionResult({"ChangeInfo": self.change_begun()})

    def order(it):
        return reverse_domain_name(it.name), it.type, it.set_identifier or ""

    def list_resource_record_sets(self):
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        name, kind = self._get_param("StartRecordName"), self._get_param("StartRecordType")
        if kind and not name:
            raise InvalidInput("The input is not valid")
        most = min(self._get_int_param("MaxItems", 300), 300)
        all_of_them = sorted(zone.rrsets, key=order)
        if name:
            start = reverse_domain_name(spelled(name)), kind or "", self._get_param("StartRecordIdentifier") or ""
            all_of_them = [it for it in all_of_them if order(it) >= start]
        page, rest = all_of_them[:most], all_of_them[most:]
        result = {"ResourceRecordSets": page, "IsTruncated": bool(rest), "MaxItems": most}
        if rest:
            result["NextRecordName"], result["NextRecordType"] = rest[0].name, rest[0].type
            result["NextRecordIdentifier"] = rest[0].set_identifier
        return ActionResult(result)

    Route53.change_resource_record_sets = change_resource_record_sets
    Route53.list_resource_record_sets = list_resource_record_sets


def repair_route53_health_checks():
    # AWS returns all that was said of a health check, and changes what UpdateHealthCheck names and no more;
    # moto forgets alarms and switches, and the regions and children whenever something else changes.
    import uuid

    from moto.core.responses import ActionResult, EmptyResult
    from moto.route53.exceptions import NoSuchHealthCheck, Route53ClientError
    from moto.route53.models import HealthCheck
    from moto.route53.responses import Route53

    named = (
        "IPAddress Port ResourcePath FullyQualifiedDomainName SearchString FailureThreshold HealthThreshold "
        "Inverted Disabled EnableSNI ChildHealthChecks Regions AlarmIdentifier InsufficientDataHealthStatus"
    ).split()

    def whole(config):
        kind = config["Type"]
        out = {"Inverted": False, "Disabled": False, **config}
        if kind not in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
            secure = kind.startswith("HTTPS")
            usual = {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": secure}
            out = {**usual, **({} if kind == "TCP" else {"Port": 443 if secure else 80}), **out}
        return out

    def create_health_check(self):
        reference, config = self._get_param("CallerReference"), whole(self._get_param("HealthCheckConfig"))
        for it in self.backend.health_checks.values():
            if it.caller_reference == reference:
                if it.said == config:
                    return ActionResult({"HealthCheck": it})
                text = "A health check with the same caller reference and other settings is there already."
                raise Route53ClientError("HealthCheckAlreadyExists", text)
        it = HealthCheck(str(uuid.uuid4()), reference, {})
        it.said = config
        self.backend.health_checks[it.id] = it
        return ActionResult({"HealthCheck": it})

    def update_health_check(self):
        it = self.backend.get_health_check(self._get_param("HealthCheckId"))
        sent = {name: self._get_param(name) for name in named}
        it.said = {**it.said, **{name: value for name, value in sent.items() if value is not None}}
        it.health_check_version += 1
        return ActionResult({"HealthCheck": it})

    def delete_health_check(self):
        it = self.backend.get_health_check(self._get_param("HealthCheckId"))
        del self.backend.health_checks[it.id]
        self.backend.resource_tags.pop(it.id, None)
        return EmptyResult()

    def list_health_checks(self):
        every = self.backend.list_health_checks()
        return ActionResult({"HealthChecks": every, "Marker": "", "IsTruncated": False, "MaxItems": 1000})

    # What is gone has no tags, and its tags cannot be changed.
    def guarded(call):
        def tags(self):
            kind = self._get_param("ResourceType")
            ids = self._get_param("ResourceIds") or [self._get_param("ResourceId")]
            for one in ids:
                if kind == "healthcheck" and one not in self.backend.health_checks:
                    raise NoSuchHealthCheck(one)
                if kind == "hostedzone":
                    self.backend.get_hosted_zone(one)
            return call(self)

        return tags

    HealthCheck.said = None
    HealthCheck.health_check_config = property(lambda self: self.said)
    Route53.create_health_check = create_health_check
    Route53.update_health_check = update_health_check
    Route53.delete_health_check = delete_health_check
    Route53.list_health_checks = list_health_checks
    for name in ("list_tags_for_resource", "list_tags_for_resources", "change_tags_for_resource"):
        setattr(Route53, name, guarded(getattr(Route53, name)))


def repair_route53_tags():
    # The Resource Groups Tagging API knows the tags of zones and health checks, in us-east-1.
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend as Backend
    from moto.route53.models import route53_backends

    others = Backend._get_resources_generator

    def generator(self, tag_filters=None, resource_type_filters=None):
        yield from others(self, tag_filters, resource_type_filters)
        if self.region_name != "us-east-1" or tag_filters or resource_type_filters:
            return
        route53 = route53_backends[self.account_id][self.partition]
        for kind, things in (("hostedzone", route53.zones), ("healthcheck", route53.health_checks)):
            for one in things:
                tags = [{"Key": k, "Value": v} for k, v in route53.resource_tags.get(one, {}).items()]
                if tags:
                    yield {"ResourceARN": f"arn:{self.partition}:route53:::{kind}/{one}", "Tags": tags}

    Backend._get_resources_generator = generator


def repair_acm():
    # AWS takes a moment until it tells the records that prove a domain, which are others for each name;
    # issues a certificate once these records are there; tells mail addresses where mails were asked for; and
    # remembers names in their order, the algorithm of the key, and tags when one's own is handed over again.
    # moto issues after a minute, records or not: so it does here where no record is made.
    import hashlib
    import json

    from moto.acm.models import AWSCertificateManagerBackend as Backend
    from moto.acm.models import CertBundle
    from moto.acm.responses import AWSCertificateManagerResponse as Response
    from moto.core.utils import utcnow
    from moto.route53.models import route53_backends

    def age(cert):
        return (utcnow() - cert.created_at).total_seconds()

    def record(name):
        bare = name.removeprefix("*.")
        token, value = (hashlib.md5((salt + bare).encode()).hexdigest() for salt in ("name:", "value:"))
        return {"Name": f"_{token}.{bare}.", "Type": "CNAME", "Value": f"_{value}.acm-validations.aws."}

    def proof(cert, name):
        status = "SUCCESS" if cert.status == "ISSUED" else "PENDING_VALIDATION"
        out = {"DomainName": name, "ValidationDomain": name, "ValidationStatus": status}
        out["ValidationMethod"] = cert.method
        if cert.method == "EMAIL":
            domain = out["ValidationDomain"] = cert.domains.get(name, name.removeprefix("*."))
            people = ("admin", "administrator", "hostmaster", "postmaster", "webmaster")
            out["ValidationEmails"] = [f"{it}@{domain}" for it in people]
        elif age(cert) > 0.4:
            out["ResourceRecord"] = record(name)
        return out

    def proved(cert):
        account = cert.arn.split(":")[4]
        # Cloud Map's records are of another shape.
        text = lambda one: (one["Value"] if isinstance(one, dict) else one).rstrip(".")
        values = set()
        for partition in route53_backends[account].values():
            for zone in partition.zones.values():
                values |= {(it.name.rstrip("."), text(one)) for it in zone.rrsets for one in it.records}
        wanted = (record(name) for name in cert.names)
        return all((it["Name"].rstrip("."), it["Value"].rstrip(".")) in values for it in wanted)

    check, describe = CertBundle.check, CertBundle.describe

    def checked(self):
        check(self)
        waits = self.type == "AMAZON_ISSUED" and self.status == "PENDING_VALIDATION"
        if waits and self.method == "DNS" and proved(self):
            self.status = "ISSUED"
        if self.status == "ISSUED" and self.type != "IMPORTED" and self.issued_at is None:
            self.issued_at = utcnow()

    def described(self):
        out = describe(self)
        it = out["Certificate"]
        if self.algorithm:
            it["KeyAlgorithm"] = self.algorithm
        if self.names:
            it["DomainName"], it["SubjectAlternativeNames"] = self.names[0], list(self.names)
        if self.type == "AMAZON_ISSUED":
            it["DomainValidationOptions"] = [proof(self, name) for name in self.names]
        if self.issued_at is not None:
            it["IssuedAt"] = self.issued_at.replace(microsecond=0).timestamp()
        elif self.type != "IMPORTED":
            for name in ("IssuedAt", "NotBefore", "NotAfter"):
                it.pop(name, None)
        if self.renewal:
            it["RenewalSummary"] = self.renewal
        if self.type == "PRIVATE":
            it["RenewalEligibility"] = "ELIGIBLE"
        return out

    CertBundle.check, CertBundle.describe = checked, described
    CertBundle.method, CertBundle.algorithm, CertBundle.renewal = "DNS", None, None
    CertBundle.names, CertBundle.domains, CertBundle.issued_at = (), {}, None

    request, tell = Response.request_certificate, Response.describe_certificate

    def request_certificate(self):
        answer = request(self)
        if not isinstance(answer, str):
            return answer
        cert = self.acm_backend._certificates[json.loads(answer)["CertificateArn"]]
        first, others = self._get_param("DomainName"), self._get_param("SubjectAlternativeNames") or []
        cert.names = (first, *(it for it in dict.fromkeys(others) if it != first))
        cert.method = self._get_param("ValidationMethod") or "DNS"
        cert.algorithm = self._get_param("KeyAlgorithm")
        # What was not said of it is as usual; moto forgets it, and fails at the next list.
        usual = {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"}
        cert.cert_options = {**usual, **cert.cert_options}
        options = self._get_param("DomainValidationOptions") or []
        cert.domains = {it["DomainName"]: it["ValidationDomain"] for it in options}
        return answer

    def describe_certificate(self):
        answer = tell(self)
        if not isinstance(answer, str):
            return answer
        # This call writes algorithms otherwise than all the rest of ACM.
        out = json.loads(answer)
        out["Certificate"]["KeyAlgorithm"] = out["Certificate"]["KeyAlgorithm"].replace("_", "-")
        return json.dumps(out)

    def update_certificate_options(self):
        cert = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
        cert.cert_options = {**cert.cert_options, **self._get_param("Options")}
        return "{}"

    def renew_certificate(self):
        cert = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
        now = utcnow().replace(microsecond=0).timestamp()
        cert.renewal = {"RenewalStatus": "SUCCESS", "DomainValidationOptions": [], "UpdatedAt": now}
        return "{}"

    Response.request_certificate, Response.describe_certificate = request_certificate, describe_certificate
    Response.update_certificate_options, Response.renew_certificate = update_certificate_options, renew_certificate

    hand_over = Backend.import_certificate

    def import_certificate(self, certificate, private_key, chain, arn, tags):
        before = self._certificates.get(arn) if arn else None
        arn = hand_over(self, certificate, private_key, chain, arn, tags)
        if before is not None:
            now = self._certificates[arn]
            now.tags, now.in_use_by = before.tags, before.in_use_by
        return arn

    Backend.import_certificate = import_certificate
