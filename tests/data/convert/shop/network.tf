resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true

  tags = {
    Name         = local.prefix
    "with space" = "x" # kept
  }
}

resource "aws_subnet" "each" {
  for_each          = var.zones
  vpc_id            = aws_vpc.main.id
  availability_zone = "${var.region}${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["Owner"], tags_all]
  }
}

resource "aws_security_group" "web" {
  name   = "${local.prefix}-web"
  vpc_id = aws_vpc.main.id

  # Written out.
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.main.cidr_block]
  }

  # Computed.
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      description = "${ingress.key}: ${ingress.value.name}"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }

  egress = []

  timeouts {
    create = "10m"
  }
}

resource "aws_eip" "paris" {
  provider = aws.paris
  count    = 2
  domain   = "vpc"
  tags     = { Name = format("%s-%d", local.prefix, count.index) }

  depends_on = [aws_vpc.main]
}

resource "aws_iam_role" "app" {
  name = "${local.prefix}-app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

module "queues" {
  source   = "./queues"
  for_each = toset(["orders", "mails"])
  name     = "${local.prefix}-${each.key}"
  policy   = data.aws_iam_policy_document.send.json

  settings = {
    delay = 5
    fifo  = each.key == "orders"
  }

  providers = {
    aws = aws.paris
  }
}

moved {
  from = aws_vpc.old
  to   = aws_vpc.main
}

removed {
  from = aws_eip.gone

  lifecycle {
    destroy = false
  }
}

check "named" {
  assert {
    condition     = aws_vpc.main.tags["Name"] != ""
    error_message = "The VPC has no name"
  }
}

output "banner" {
  value = local.banner
}

output "queues" {
  description = "Where they are"
  value       = { for key, it in module.queues : key => it.name }
}

output "rendered" {
  value = templatefile("${path.module}/templates/hello.tpl", { name = local.prefix })
}
