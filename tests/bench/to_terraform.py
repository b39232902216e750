#!/usr/bin/env python3
"""Writes a stack folder as Terraform's JSON, so that both tools can be run on the same stack.

usage: to_terraform.py STACK OUT [--env NAME]

The mapping of the stack file is that of Terraform's JSON syntax; this puts back the level of
`resource`, which the stack file leaves out. The values of the environment become `terraform.tfvars.json`.
Backend and provider are left to the caller.
"""

import argparse
import json
import pathlib
import tomllib

RESERVED = ("stack", "backend", "provider", "variable", "env", "locals", "data", "module", "output", "moved", "import", "removed", "check")
KEPT = ("variable", "locals", "data", "module", "output")


def with_terms(value):
    """What only a stack file knows, in Terraform's words."""
    if isinstance(value, dict):
        return {key: with_terms(it) for key, it in value.items()}
    if isinstance(value, list):
        return [with_terms(it) for it in value]
    return value.replace("infra.env", "terraform.workspace") if isinstance(value, str) else value


# Attributes that are lists of objects: Terraform's JSON wants every attribute of each, a stack file does not.
WHOLE = {
    ("aws_route_table", "route"): (
        "carrier_gateway_id", "cidr_block", "core_network_arn", "destination_prefix_list_id", "egress_only_gateway_id",
        "gateway_id", "ipv6_cidr_block", "local_gateway_id", "nat_gateway_id", "network_interface_id",
        "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id",
    ),
    ("aws_security_group", "ingress"): (
        "cidr_blocks", "description", "from_port", "ipv6_cidr_blocks", "prefix_list_ids", "protocol",
        "security_groups", "self", "to_port",
    ),
}  # fmt: skip
WHOLE["aws_security_group", "egress"] = WHOLE["aws_security_group", "ingress"]


def completed(resources):
    for (kind, name), attributes in WHOLE.items():
        for body in resources.get(kind, {}).values():
            if isinstance(body.get(name), list):
                body[name] = [{key: it.get(key) for key in attributes} for it in body[name]]
    return resources


def merge(into, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def read(folder):
    stack = {}
    for file in sorted([folder / "stack.toml", *folder.glob("*.stack.toml")]):
        merge(stack, tomllib.loads(file.read_text()))
    return stack


def terraform(stack):
    out = {key: stack[key] for key in KEPT if key in stack}
    out["resource"] = completed({key: it for key, it in stack.items() if key not in RESERVED})
    tags = stack.get("provider", {}).get("aws", {}).get("default_tags")
    if tags:
        out["provider"] = {"aws": {"default_tags": tags}}
    return with_terms(out)


def values(stack, folder, env):
    out = dict(stack.get("env", {}).get(env, {}))
    file = folder / "env" / f"{env}.toml"
    if file.exists():
        out.update(tomllib.loads(file.read_text()))
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("stack", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--env", default="default")
    given = arguments.parse_args()
    stack = read(given.stack)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "main.tf.json").write_text(json.dumps(terraform(stack), indent=1))
    (given.out / "terraform.tfvars.json").write_text(json.dumps(values(stack, given.stack, given.env), indent=1))


if __name__ == "__main__":
    main()
