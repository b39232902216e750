# More of EC2, found by what is known of it: interfaces, address lists, keys, disks, and what VPCs have.

data "aws_network_interface" "machine" {
  id = aws_instance.plain.primary_network_interface_id
}

data "aws_network_interface" "endpoint" {
  filter {
    name   = "network-interface-id"
    values = aws_vpc_endpoint.logs.network_interface_ids
  }
}

# The gateway's, which has a public address.
data "aws_network_interface" "gateway" {
  filter {
    name   = "subnet-id"
    values = [module.net["blue"].subnet.id]
  }

  depends_on = [module.net]
}

data "aws_prefix_list" "s3" {
  name = "com.amazonaws.eu-west-1.s3"
}

data "aws_prefix_list" "dynamodb" {
  filter {
    name   = "prefix-list-name"
    values = ["com.amazonaws.eu-west-1.dynamodb"]
  }
}

data "aws_prefix_list" "by_id" {
  prefix_list_id = data.aws_ec2_managed_prefix_list.s3.id
}

data "aws_ec2_managed_prefix_list" "s3" {
  name = "com.amazonaws.eu-west-1.s3"
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  filter {
    name   = "prefix-list-name"
    values = ["com.amazonaws.global.cloudfront.origin-facing"]
  }
}

data "aws_ec2_managed_prefix_list" "by_id" {
  id = data.aws_prefix_list.dynamodb.id
}

data "aws_key_pair" "by_name" {
  key_name           = aws_key_pair.admin.key_name
  include_public_key = true
}

data "aws_key_pair" "by_filter" {
  filter {
    name   = "key-pair-id"
    values = [aws_key_pair.admin.key_pair_id]
  }
}

data "aws_ebs_volume" "root" {
  filter {
    name   = "attachment.instance-id"
    values = [aws_instance.plain.id]
  }
}

data "aws_ebs_volume" "newest" {
  most_recent = true

  filter {
    name   = "volume-id"
    values = [aws_instance.plain.root_block_device[0].volume_id]
  }
}

# The emulator has no DHCP options and no peering connection.
data "aws_vpc_dhcp_options" "own" {
  count           = 0
  dhcp_options_id = data.aws_vpc.own.dhcp_options_id
}

data "aws_vpc_peering_connection" "none" {
  count       = 0
  vpc_id      = aws_vpc.servers.id
  peer_vpc_id = aws_vpc.leans.id
  status      = "active"
}
