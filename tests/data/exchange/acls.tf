# What a VPC comes with, and what may take its place: network ACLs, its route table, DHCP options; and tags of
# what nobody has made.

resource "aws_vpc" "edge" {
  cidr_block                       = "10.40.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "edge" {
  count = 3

  vpc_id            = aws_vpc.edge.id
  cidr_block        = cidrsubnet(aws_vpc.edge.cidr_block, 8, count.index)
  availability_zone = "eu-west-1a"
}

resource "aws_internet_gateway" "edge" {
  vpc_id = aws_vpc.edge.id
}

resource "aws_network_acl" "edge" {
  vpc_id     = aws_vpc.edge.id
  subnet_ids = local.again ? [aws_subnet.edge[1].id, aws_subnet.edge[2].id] : [aws_subnet.edge[0].id, aws_subnet.edge[1].id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 443
    to_port    = local.again ? 444 : 443
    cidr_block = "0.0.0.0/0"
  }

  ingress {
    rule_no         = 110
    action          = "allow"
    protocol        = "6"
    from_port       = 443
    to_port         = 443
    ipv6_cidr_block = "::/0"
  }

  ingress {
    rule_no    = local.again ? 210 : 200
    action     = "deny"
    protocol   = "icmp"
    from_port  = 0
    to_port    = 0
    icmp_type  = 8
    icmp_code  = -1
    cidr_block = "10.0.0.0/8"
  }

  egress {
    rule_no    = 100
    action     = "ALLOW"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }

  tags = {
    Name = "edge ${var.step}"
  }
}

# Its rules and subnets are left alone.
resource "aws_network_acl" "bare" {
  vpc_id = aws_vpc.edge.id
}

# Another VPC, another one.
resource "aws_network_acl" "moved" {
  vpc_id  = var.step > 2 ? aws_vpc.leans.id : aws_vpc.edge.id
  ingress = []

  egress = [{
    rule_no         = 300
    action          = "deny"
    protocol        = "udp"
    from_port       = 1024
    to_port         = 65535
    cidr_block      = null
    ipv6_cidr_block = "2001:db8::/32"
    icmp_type       = null
    icmp_code       = null
  }]
}

resource "aws_default_route_table" "edge" {
  default_route_table_id = aws_vpc.edge.default_route_table_id

  route {
    cidr_block = local.again ? "10.8.0.0/16" : "10.9.0.0/16"
    gateway_id = aws_internet_gateway.edge.id
  }

  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.edge.id
  }

  timeouts {
    update = "5m"
  }

  tags = {
    Name = local.again ? "edge two" : "edge"
  }
}

resource "aws_ec2_tag" "name" {
  resource_id = aws_vpc.edge.default_network_acl_id
  key         = "Name"
  value       = local.again ? "nobody uses it" : "nobody's"
}

resource "aws_ec2_tag" "owner" {
  resource_id = aws_vpc.edge.default_security_group_id
  key         = "owner/${local.anew}"
  value       = "edge"
}

resource "aws_vpc_dhcp_options" "edge" {
  domain_name                       = "${local.anew}.example.com"
  domain_name_servers               = ["10.40.0.2", "AmazonProvidedDNS"]
  ipv6_address_preferred_lease_time = "1440"
  netbios_name_servers              = ["10.40.0.10"]
  netbios_node_type                 = "2"
  ntp_servers                       = ["10.40.0.11", "10.40.0.12"]

  tags = {
    Name = "edge ${var.step}"
  }
}

resource "aws_vpc_dhcp_options" "plain" {
  domain_name_servers = ["AmazonProvidedDNS"]
}
