"""Makes stacks of any size for measuring: cells of 16 resources of 12 types, in dependency order."""

CELL = """
[aws_vpc.net_{n}]
cidr_block = "10.{n}.0.0/16"
enable_dns_hostnames = true
tags = {{ Name = "cell-{n}" }}

[aws_subnet.a_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"
cidr_block = "10.{n}.0.0/24"
availability_zone = "eu-west-1a"

[aws_subnet.b_{n}]
vpc_id = "${{aws_vpc.net_{n}.id}}"
cidr_block = "10.{n}.1.0/24"
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
retention_in_days = 7

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

RESOURCES = CELL.count("\n[aws_")


def stack(cells):
    if cells > 256:
        raise ValueError("a cell is a /16 of 10.0.0.0/8: at most 256 of them")
    head = '[stack]\nname = "bench"\n\n[provider.aws]\nregion = "eu-west-1"\n'
    return head + "".join(CELL.format(n=n) for n in range(cells))
