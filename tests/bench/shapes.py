"""Stacks for measuring, of any size: what `infra` reads, as {path: text}. Terraform's are made of the same."""

import collections

HEAD = '[stack]\nname = "bench"\n\n[provider.aws]\nregion = "eu-west-1"\n'

CELL = """
[aws_vpc.net_{n}]
cidr_block = "10.{m}.0.0/16"
enable_dns_hostnames = true
tags = {{ Name = "cell-{n}" }}

[aws_subnet.a_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"
cidr_block = "10.{m}.0.0/24"
availability_zone = "eu-west-1a"

[aws_subnet.b_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"
cidr_block = "10.{m}.1.0/24"
availability_zone = "eu-west-1b"

[aws_internet_gateway.out_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"

[aws_route_table.table_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"

[aws_route.internet_{n}]
route_table_id = "${{aws_route_table.table_{n}.id}}"
destination_cidr_block = "0.0.0.0/0"
gateway_id = "${{aws_internet_gateway.out_{n}.id}}"

[aws_route_table_association.a_{n}]
route_table_id = "${{aws_route_table.table_{n}.id}}"
subnet_id = "${{aws_subnet.a_{n}.id}}"

[aws_route_table_association.b_{n}]
route_table_id = "${{aws_route_table.table_{n}.id}}"
subnet_id = "${{aws_subnet.b_{n}.id}}"

[aws_security_group.web_{n}]
name = "web-{n}"
description = "of cell {n}"
vpc_id = "${{aws_vpc.net_{n}.id}}"

[aws_vpc_security_group_ingress_rule.http_{n}]
security_group_id = "${{aws_security_group.web_{n}.id}}"
cidr_ipv4 = "0.0.0.0/0"
ip_protocol = "tcp"
from_port = 80
to_port = 80

[aws_vpc_security_group_ingress_rule.https_{n}]
security_group_id = "${{aws_security_group.web_{n}.id}}"
cidr_ipv4 = "0.0.0.0/0"
ip_protocol = "tcp"
from_port = 443
to_port = 443

[aws_sqs_queue.work_{n}]
name = "work-{n}"
visibility_timeout_seconds = 60

[aws_cloudwatch_log_group.logs_{n}]
name = "/cell/{n}"
retention_in_days = {days}

[aws_iam_role.role_{n}]
name = "cell-{n}"
assume_role_policy = '{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"ecs-tasks.amazonaws.com"}},"Action":"sts:AssumeRole"}}]}}'

[aws_dynamodb_table.data_{n}]
name = "data-{n}"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{{ name = "id", type = "S" }}]

[aws_ecr_repository.images_{n}]
name = "images-{n}"
"""

PER_CELL = CELL.count("\n[aws_")


def cells(count, changed):
    """Cells of 16 resources of 12 types, four deep, that have nothing to do with each other."""
    number = -(-count // PER_CELL)
    days = lambda n: 14 if changed and n == number - 1 else 7
    # Networks of their own may have the same addresses.
    return {"stack.toml": HEAD + "".join(CELL.format(n=n, m=n % 256, days=days(n)) for n in range(number))}


LINKS = (
    '[aws_ssm_parameter.link_{n}]\nname = "/chain/{n}"\ntype = "String"\nvalue = "{before}"\n',
    '[aws_cloudwatch_log_group.link_{n}]\nname = "/chain/{n}"\ntags = {{ after = "{before}" }}\n',
    '[aws_ecr_repository.link_{n}]\nname = "chain-{n}"\ntags = {{ after = "{before}" }}\n',
    '[aws_dynamodb_table.link_{n}]\nname = "chain-{n}"\nbilling_mode = "PAY_PER_REQUEST"\nhash_key = "id"\n'
    'attribute = [{{ name = "id", type = "S" }}]\ntags = {{ after = "{before}" }}\n',
    '[aws_iam_policy.link_{n}]\nname = "chain-{n}"\ntags = {{ after = "{before}" }}\n'
    "policy = '{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}}]}}'\n",
)


def chain(count, changed):
    """Each resource needs the ARN of the one before; five types in turn."""
    out, before = [HEAD], "changed" if changed and count % 5 == 1 else "start"
    for n in range(count):
        text = LINKS[n % 5]
        out.append(text.format(n=n, before=before))
        before = "${" + text[1 : text.index(".link")] + f".link_{n}.arn}}"
    if changed:
        # The first of them, in place and without a new ARN: nothing follows from it.
        out[1] = out[1].replace("start", "changed")
    return {"stack.toml": "\n".join(out)}


def star(count, changed):
    """One network, and everything else directly on it."""
    out = [HEAD, '[aws_vpc.main]\ncidr_block = "10.0.0.0/16"\ntags = { Name = "star" }\n']
    vpc = 'vpc_id = "${aws_vpc.main.id}"\n'
    for n in range(count):
        name = "changed" if changed and n == count - 1 else f"star-{n}"
        tags = f'tags = {{ Name = "{name}" }}\n'
        kinds = (
            f'[aws_subnet.on_{n}]\n{vpc}cidr_block = "10.0.{n // 3}.0/24"\n{tags}',
            f"[aws_route_table.on_{n}]\n{vpc}{tags}",
            f'[aws_security_group.on_{n}]\nname = "star-{n}"\ndescription = "of {n}"\n{vpc}{tags}',
        )
        out.append(kinds[n % 3])
    return {"stack.toml": "\n".join(out)}


NETWORK = """
[variable.cidr]
type = "string"

[variable.zones]
type = "list(string)"

[aws_vpc.main]
cidr_block = "${var.cidr}"
enable_dns_hostnames = true
tags = { Name = "shop" }

[aws_internet_gateway.out]
vpc_id = "${aws_vpc.main.id}"

[aws_subnet.public]
count = "${length(var.zones)}"
vpc_id = "${aws_vpc.main.id}"
cidr_block = "${cidrsubnet(var.cidr, 8, count.index)}"
availability_zone = "${var.zones[count.index]}"
map_public_ip_on_launch = true

[aws_subnet.private]
count = "${length(var.zones)}"
vpc_id = "${aws_vpc.main.id}"
cidr_block = "${cidrsubnet(var.cidr, 8, count.index + 100)}"
availability_zone = "${var.zones[count.index]}"

[aws_eip.nat]
domain = "vpc"
depends_on = ["aws_internet_gateway.out"]

[aws_nat_gateway.out]
allocation_id = "${aws_eip.nat.id}"
subnet_id = "${aws_subnet.public[0].id}"

[aws_route_table.public]
vpc_id = "${aws_vpc.main.id}"

[aws_route.public]
route_table_id = "${aws_route_table.public.id}"
destination_cidr_block = "0.0.0.0/0"
gateway_id = "${aws_internet_gateway.out.id}"

[aws_route_table.private]
vpc_id = "${aws_vpc.main.id}"

[aws_route.private]
route_table_id = "${aws_route_table.private.id}"
destination_cidr_block = "0.0.0.0/0"
nat_gateway_id = "${aws_nat_gateway.out.id}"

[aws_route_table_association.public]
count = "${length(var.zones)}"
route_table_id = "${aws_route_table.public.id}"
subnet_id = "${aws_subnet.public[count.index].id}"

[aws_route_table_association.private]
count = "${length(var.zones)}"
route_table_id = "${aws_route_table.private.id}"
subnet_id = "${aws_subnet.private[count.index].id}"

[output.vpc]
value = "${aws_vpc.main.id}"

[output.subnets]
value = "${aws_subnet.private[*].id}"
"""

SERVICE = """
[variable.name]
type = "string"

[variable.vpc]
type = "string"

[variable.front]
type = "string"

[variable.days]
type = "number"

[aws_security_group.own]
name = "${var.name}"
description = "of the service ${var.name}"
vpc_id = "${var.vpc}"

[aws_vpc_security_group_ingress_rule.front]
security_group_id = "${aws_security_group.own.id}"
referenced_security_group_id = "${var.front}"
ip_protocol = "tcp"
from_port = 8080
to_port = 8080

[aws_vpc_security_group_egress_rule.all]
security_group_id = "${aws_security_group.own.id}"
cidr_ipv4 = "0.0.0.0/0"
ip_protocol = "-1"

[aws_ecr_repository.images]
name = "shop/${var.name}"

[aws_cloudwatch_log_group.logs]
name = "/shop/${var.name}"
retention_in_days = "${var.days}"

[aws_sqs_queue.dead]
name = "${var.name}-dead"

[aws_sqs_queue.work]
name = "${var.name}-work"
redrive_policy = "${jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 3 })}"

[aws_dynamodb_table.data]
name = "${var.name}-data"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{ name = "id", type = "S" }]

[aws_s3_bucket.files]
bucket = "shop-${var.name}-files"
force_destroy = true

[aws_s3_bucket_versioning.files]
bucket = "${aws_s3_bucket.files.id}"
versioning_configuration = { status = "Enabled" }

[aws_s3_bucket_public_access_block.files]
bucket = "${aws_s3_bucket.files.id}"
block_public_acls = true
block_public_policy = true
ignore_public_acls = true
restrict_public_buckets = true

[aws_iam_role.task]
name = "shop-${var.name}"
assume_role_policy = '''${jsonencode({
  Version = "2012-10-17"
  Statement = [{ Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }]
})}'''

[aws_iam_policy.task]
name = "shop-${var.name}"
policy = '''${jsonencode({
  Version = "2012-10-17"
  Statement = [{
    Effect = "Allow"
    Action = ["sqs:*", "dynamodb:*", "s3:*"]
    Resource = [aws_sqs_queue.work.arn, aws_dynamodb_table.data.arn, aws_s3_bucket.files.arn]
  }]
})}'''

[aws_iam_role_policy_attachment.task]
role = "${aws_iam_role.task.name}"
policy_arn = "${aws_iam_policy.task.arn}"

[aws_ssm_parameter.queue]
name = "/shop/${var.name}/queue"
type = "String"
value = "${aws_sqs_queue.work.id}"

[aws_ssm_parameter.role]
name = "/shop/${var.name}/role"
type = "String"
value = "${aws_iam_role_policy_attachment.task.id} ${aws_iam_role.task.arn}"
"""

ROOT = """
[locals]
services = {{ {services} }}

[module.network]
source = "./network"
cidr = "10.0.0.0/16"
zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

[aws_security_group.front]
name = "front"
description = "the load balancer's"
vpc_id = "${{module.network.vpc}}"

[module.service]
for_each = "${{local.services}}"
source = "./service"
name = "${{each.key}}"
days = "${{each.value}}"
vpc = "${{module.network.vpc}}"
front = "${{aws_security_group.front.id}}"
"""

NETWORK_RESOURCES = NETWORK.count("\n[aws_") + 2 * 4 + 1  # four of them are there for each of three zones
SERVICE_RESOURCES = SERVICE.count("\n[aws_")


def app(count, changed):
    """A network, and services with queue, table, bucket, role and parameters of their own; in modules."""
    number = max(1, round((count - NETWORK_RESOURCES) / SERVICE_RESOURCES))
    days = lambda n: 14 if changed and n == 0 else 7
    services = ", ".join(f'svc{n} = "{days(n)}"' for n in range(number))
    # A TOML table on one line.
    root = HEAD + ROOT.format(services=services)
    return {"stack.toml": root, "network/stack.toml": NETWORK, "service/stack.toml": SERVICE}


Shape = collections.namedtuple("Shape", "name make usual story")

SHAPES = {
    "cells": Shape("cells", cells, 1008, "cells of 16 resources of 12 types"),
    "chain": Shape("chain", chain, 40, "each needs the one before"),
    "star": Shape("star", star, 300, "one network, everything else on it"),
    "app": Shape("app", app, 116, "a network and services, in modules"),
}


def stack(name, count, changed=False):
    """The files of one shape: about `count` resources, once as they are and once with one change."""
    return SHAPES[name].make(count, changed)
