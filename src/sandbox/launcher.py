"""Starts moto on a free loopback port, with repairs where its answers are not AWS's.

usage: launcher.py --announce FILE [--with-parent] [--repair FILE]…

Writes the port to FILE once it listens. With --with-parent it ends when its standard input closes,
that is when the process that started it is gone, however that one died, and takes the folder of FILE
with it: that folder must be its own. Each --repair names a module of more repairs, in functions
`repair_…`.
"""

import argparse
import importlib.util
import json
import logging
import os
import shutil
import sys
import threading

# AWS knows its managed policies; moto does only when asked.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")


def repair_sqs():
    # AWS returns the JSON of RedrivePolicy and RedriveAllowPolicy without blanks; moto re-writes it
    # with a blank after each colon and comma, so that a text comparison sees a change.
    import moto.sqs.models as models

    class Compact:
        loads = staticmethod(json.loads)

        @staticmethod
        def dumps(value, *args, **kwargs):
            kwargs.setdefault("separators", (",", ":"))
            return json.dumps(value, *args, **kwargs)

    models.json = Compact

    # AWS changes the attributes that SetQueueAttributes names and no others; moto forgets the policy
    # of the queue whenever the call names something else.
    replace = models.Queue._set_attributes

    def set_attributes(self, attributes, now=None):
        policy = getattr(self, "policy", None)
        replace(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy
        # With a key of KMS, AWS's own encryption is off.
        if attributes.get("KmsMasterKeyId"):
            self.sqs_managed_sse_enabled = False
        self.redrive_allow_policy = self.redrive_allow_policy or None

    models.Queue._set_attributes = set_attributes
    # AWS tells times in whole seconds; moto with their fractions.
    told = models.Queue.attributes.fget
    whole = lambda it: int(it) if isinstance(it, float) else it
    models.Queue.attributes = property(lambda self: {k: whole(v) for k, v in told(self).items()})
    # AWS returns RedriveAllowPolicy; moto takes it and keeps it to itself.
    models.Queue.redrive_allow_policy = None
    models.Queue.BASE_ATTRIBUTES = [*models.Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]


def repair_security_group_rules():
    from moto.ec2.models.security_groups import SecurityGroupRule

    init = SecurityGroupRule.__init__

    def remembering(self, *args, **kwargs):
        init(self, *args, **kwargs)
        prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None) or {}
        self.prefix_list_description = prefix_list.get("Description")

    # AWS keeps the description of a rule whatever its other side is; moto keeps that of an address
    # range only and drops those of rules that name a security group or a prefix list.
    def description(self):
        sides = (self.ip_range.get("Description"), self.source_group.get("Description"))
        return next((it for it in (*sides, self.prefix_list_description) if it), None)

    # AWS tells rules apart by protocol, ports and other side; moto also by the description of a
    # rule that names a group, so that revoking one without repeating its description does nothing.
    def identity(self):
        other_side = self.ip_range.get("CidrIp"), self.ip_range.get("CidrIpv6"), self.prefix_list_id
        group = sorted((k, v) for k, v in self.source_group.items() if k != "Description")
        ports = None if self.ip_protocol == "-1" else (self.from_port, self.to_port)
        return self.ip_protocol, ports, other_side, group

    SecurityGroupRule.__init__ = remembering
    SecurityGroupRule.description = property(description)
    SecurityGroupRule.__eq__ = lambda self, other: identity(self) == identity(other)


def repair_modify_security_group_rules():
    # AWS replaces a rule by what ModifySecurityGroupRules sends, whatever its other side is; moto
    # asks for ports where a rule for all protocols has none, changes IPv4 ranges and descriptions
    # only, never removes a description, and keeps ports as text.
    from moto.ec2.exceptions import InvalidSecurityGroupNotFoundError
    from moto.ec2.exceptions import InvalidSecurityGroupRuleIdNotFoundError
    from moto.ec2.models.security_groups import SecurityGroupBackend

    def replace(rule, new):
        rule.ip_protocol = new.get("IpProtocol", rule.ip_protocol)
        ports = (new.get("FromPort"), new.get("ToPort"))
        if rule.ip_protocol == "-1":
            ports = (None, None)
        rule.from_port, rule.to_port = (None if it is None else int(it) for it in ports)
        told = {"Description": new["Description"]} if new.get("Description") else {}
        rule.ip_range, rule.prefix_list_description = {}, told.get("Description")
        for sent, kept in (("CidrIpv4", "CidrIp"), ("CidrIpv6", "CidrIpv6")):
            if new.get(sent):
                rule.ip_range = {kept: new[sent], **told}
        rule.prefix_list_id = new.get("PrefixListId")
        group = new.get("ReferencedGroupId")
        known = {k: v for k, v in rule.source_group.items() if k != "Description"}
        if group and known.get("GroupId") != group:
            known = {"GroupId": group, **({"OwnerId": known["OwnerId"]} if "OwnerId" in known else {})}
        rule.source_group = {**known, **told} if group else {}

    def modify(self, group_id, rules):
        group = self.get_security_group_by_name_or_id(group_id)
        if group is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
        for rule_id, new in rules.items():
            rule = group.get_rule(rule_id)
            if rule is None:
                raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
            replace(rule, new)

    SecurityGroupBackend.modify_security_group_rules = modify


def repair_nat_gateways():
    # With a NAT gateway AWS removes its network interface and frees its address; moto leaves the
    # interface in the subnet and the address taken for ever.
    from moto.ec2.models.nat_gateways import NatGatewayBackend

    delete = NatGatewayBackend.delete_nat_gateway

    def delete_nat_gateway(self, nat_gateway_id):
        gateway = delete(self, nat_gateway_id)
        for address in list(self.addresses):
            if address.eni is gateway._eni and address.association_id:
                self.disassociate_address(association_id=address.association_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    NatGatewayBackend.delete_nat_gateway = delete_nat_gateway


def load(path):
    """A module of repairs: a family of services."""
    name = f"repairs_{os.path.basename(path).removesuffix('.py')}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def repair_all(names):
    """Runs each function that is called a repair."""
    for repair in [it for name, it in names.items() if name.startswith("repair_") and name != "repair_all"]:
        repair()


def end_with_parent(folder):
    def wait():
        try:
            while os.read(0, 4096):
                pass
        finally:
            # Nobody else is left to do it.
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def listen(modules):
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = DomainDispatcherApplication(create_backend_app)
    for module in modules:
        app = getattr(module, "wrapped", lambda it: it)(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # Some services of moto call others by HTTP.
    os.environ["MOTO_PORT"] = str(server.server_port)
    return server


def announce(path, port):
    partial = f"{path}.{os.getpid()}"
    with open(partial, "w") as out:
        out.write(f"{port}\n")
    os.replace(partial, path)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--announce", required=True)
    arguments.add_argument("--with-parent", action="store_true")
    arguments.add_argument("--repair", action="append", default=[])
    given = arguments.parse_args()
    try:
        # A session of its own: Ctrl-C and a closed terminal are not meant for it.
        os.setsid()
    except (AttributeError, OSError):
        pass
    if given.with_parent:
        end_with_parent(os.path.dirname(os.path.abspath(given.announce)))
    modules = [load(path) for path in given.repair]
    for names in [globals(), *map(vars, modules)]:
        repair_all(dict(names))
    server = listen(modules)
    announce(given.announce, server.server_port)
    server.serve_forever()


main()
