# moto keeps what RDS and ElastiCache are sent under the names of the requests, gives much of it back under
# no name or a wrong one, and lacks many operations. What is below takes the place of those that databases
# and caches need: it answers with the members that the service's own description names, as AWS fills them.


class Fleet:
    """What one service keeps for one account and region, and the operations on it."""

    def __init__(self, backend, service):
        self.account, self.region, self.service = backend.account_id, backend.region_name, service
        self.kinds = {}

    @classmethod
    def take_over(cls, response, backends, service, names):
        from moto.core.responses import ActionResult
        from moto.core.utils import get_service_model

        model = get_service_model(service)
        shapes = {it.name: set(it.members) for it in map(model.shape_for, model.shape_names) if it.type_name == "structure"}
        cls.shapes = shapes

        def operation(name):
            other = getattr(response, name, None)

            def answer(self):
                backend = backends[self.current_account][self.region]
                if "infra_fleet" not in backend.__dict__:
                    backend.infra_fleet = cls(backend, service)
                sent = self.params
                sent = sent.original_dict() if hasattr(sent, "original_dict") else sent
                out = getattr(backend.infra_fleet, name)(sent)
                # Not one of the things below: moto may know it.
                return other(self) if out is NotImplemented and other else ActionResult(out or {})

            return answer

        for name in names:
            setattr(response, name, operation(name))

    def of(self, kind):
        return self.kinds.setdefault(kind, {})

    def shaped(self, sent, shape):
        return {key: value for key, value in sent.items() if key in self.shapes[shape]}

    def arn(self, kind, name):
        return f"arn:aws:{self.service}:{self.region}:{self.account}:{kind}:{name}"

    def ec2(self):
        from moto.ec2.models import ec2_backends

        return ec2_backends[self.account][self.region]

    def zones(self):
        return [f"{self.region}{it}" for it in "abc"]

    def default_groups(self):
        groups = self.ec2().describe_security_groups(filters={"group-name": ["default"]})
        return [it.id for it in groups if self.ec2().get_vpc(it.vpc_id).is_default in (True, "true")]

    def subnets(self, ids):
        found = [self.ec2().get_subnet(it) for it in ids]
        return found[0].vpc_id, [(it.id, it.availability_zone) for it in found]

    def error(self, code, text):
        from moto.elasticache.exceptions import ElastiCacheException
        from moto.rds.exceptions import RDSClientError

        return (RDSClientError if self.service == "rds" else ElastiCacheException)(code, text)

    def one(self, kind, name, code):
        found = self.of(kind).get(name.lower())
        if found is None:
            raise self.error(code, f"{kind} {name} not found.")
        return found

    def add(self, kind, name, code, it):
        if name.lower() in self.of(kind):
            raise self.error(code, f"{kind} {name} already exists.")
        self.of(kind)[name.lower()] = it
        return it

    def tagged(self, arn):
        for kind in self.kinds.values():
            for it in kind.values():
                if it.get("_arn") == arn:
                    return it
        return None

    def now(self):
        from datetime import datetime, timezone

        return datetime.now(timezone.utc).replace(microsecond=0)

    def tag(self, arn, add=(), remove=()):
        found = self.tagged(arn)
        if found is None:
            return NotImplemented
        kept = {it["Key"]: it.get("Value", "") for it in found["TagList"]}
        kept.update({it["Key"]: it.get("Value", "") for it in add or ()})
        for key in remove or ():
            kept.pop(key, None)
        found["TagList"] = [{"Key": key, "Value": value} for key, value in kept.items()]
        return {"TagList": found["TagList"]}

    def add_tags_to_resource(self, sent):
        return self.tag(sent["ResourceName"], add=sent.get("Tags"))

    def remove_tags_from_resource(self, sent):
        return self.tag(sent["ResourceName"], remove=sent.get("TagKeys"))

    def list_tags_for_resource(self, sent):
        return self.tag(sent["ResourceName"])

    def set_parameters(self, group, defaults, sent, most):
        if len(sent) > most:
            raise self.error("InvalidParameterValue", f"Number of parameters is limited to {most}")
        for it in sent:
            known = defaults.get(it["ParameterName"], {})
            if known.get("ApplyType") == "static" and it.get("ApplyMethod", "pending-reboot") == "immediate":
                raise self.error("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
            group["_set"][it["ParameterName"]] = {**known, "ApplyMethod": "pending-reboot", **it, "Source": "user"}

    def parameters(self, group, defaults, source):
        all = {**defaults, **group["_set"]}
        return [it for _, it in sorted(all.items()) if source in (None, it["Source"])]

    def reset_parameters(self, group, sent):
        if sent.get("ResetAllParameters"):
            group["_set"].clear()
        for it in sent.get("Parameters", sent.get("ParameterNameValues", [])):
            group["_set"].pop(it["ParameterName"], None)


