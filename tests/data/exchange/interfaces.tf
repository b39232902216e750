# What is plugged into machines, what joins networks, and lists of their ranges.

resource "aws_vpc" "wire" {
  count                = 3
  cidr_block           = "10.${79 + count.index}.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "wire" {
  vpc_id            = aws_vpc.wire[0].id
  cidr_block        = "10.79.0.0/18"
  availability_zone = "eu-west-1a"
}

resource "aws_security_group" "wire" {
  count  = 2
  name   = "wire-${count.index}"
  vpc_id = aws_vpc.wire[0].id
}

resource "aws_instance" "wire" {
  count         = 2
  ami           = "ami-760aaa0f"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.wire.id
}

# Nothing is said of its addresses.
resource "aws_network_interface" "plain" {
  subnet_id         = aws_subnet.wire.id
  description       = local.again ? "plain again" : "plain"
  source_dest_check = !local.again
  security_groups   = local.again ? aws_security_group.wire[*].id : [aws_security_group.wire[0].id]

  tags = {
    Name = "plain"
    step = var.step
  }
}

resource "aws_network_interface" "said" {
  subnet_id         = aws_subnet.wire.id
  private_ips       = var.step > 2 ? ["10.79.1.20"] : local.again ? ["10.79.1.10", "10.79.1.11"] : ["10.79.1.10"]
  source_dest_check = false
}

resource "aws_network_interface" "counted" {
  subnet_id         = aws_subnet.wire.id
  private_ips_count = local.again ? 2 : 1
}

resource "aws_network_interface" "both" {
  subnet_id         = aws_subnet.wire.id
  private_ips       = ["10.79.1.30", "10.79.1.31"]
  private_ips_count = 1
}

resource "aws_network_interface" "listed" {
  subnet_id               = aws_subnet.wire.id
  private_ip_list_enabled = true
  private_ip_list         = local.again ? ["10.79.1.42", "10.79.1.40", "10.79.1.41"] : ["10.79.1.42", "10.79.1.41"]
}

resource "aws_network_interface" "ranges" {
  subnet_id     = aws_subnet.wire.id
  ipv4_prefixes = local.again ? ["10.79.2.16/28", "10.79.2.32/28"] : ["10.79.2.16/28"]

  tags = {
    Name = "ranges"
  }
}

resource "aws_network_interface" "plugged" {
  subnet_id   = aws_subnet.wire.id
  private_ips = [var.step > 2 ? "10.79.1.51" : "10.79.1.50"]

  attachment {
    instance     = aws_instance.wire[local.again ? 1 : 0].id
    device_index = 1
  }
}

resource "aws_vpc_peering_connection" "near" {
  vpc_id      = aws_vpc.wire[0].id
  peer_vpc_id = aws_vpc.wire[var.step > 2 ? 2 : 1].id
  auto_accept = true

  accepter {
    allow_remote_vpc_dns_resolution = true
  }

  dynamic "requester" {
    for_each = local.again ? [true] : []
    content {
      allow_remote_vpc_dns_resolution = requester.value
    }
  }

  timeouts {
    create = "5m"
  }

  tags = {
    step = var.step
  }
}

resource "aws_vpc" "wire_far" {
  provider   = aws.far
  cidr_block = "10.89.0.0/16"
}

# Nobody accepts it there.
resource "aws_vpc_peering_connection" "far" {
  vpc_id        = aws_vpc.wire[1].id
  peer_vpc_id   = aws_vpc.wire_far.id
  peer_owner_id = data.aws_caller_identity.me.account_id
  peer_region   = "us-east-1"

  tags = {
    Name = local.again ? "far again" : "far"
  }
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = local.again ? "offices-again" : "offices"
  address_family = "IPv4"
  max_entries    = local.again ? 4 : 3

  entry {
    cidr        = "192.0.2.0/24"
    description = "Berlin"
  }

  entry {
    cidr = local.again ? "203.0.113.0/24" : "198.51.100.0/24"
  }

  tags = {
    Name = "offices"
    step = var.step
  }
}

resource "aws_ec2_managed_prefix_list" "fewer" {
  name           = "fewer"
  address_family = "IPv6"
  max_entries    = local.again ? 1 : 2

  dynamic "entry" {
    for_each = local.again ? [1] : [1, 2]
    content {
      cidr        = "2001:db8:${entry.value}::/48"
      description = "range ${entry.value}"
    }
  }
}

resource "aws_ec2_managed_prefix_list" "bare" {
  name           = "bare"
  address_family = var.step > 2 ? "IPv6" : "IPv4"
  max_entries    = local.again ? 2 : 1
}
