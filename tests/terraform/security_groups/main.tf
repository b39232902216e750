provider "aws" {
  region = "eu-west-1"
}

variable "ports" {
  type    = list(number)
  default = [80, 443]
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

# Two that refer to each other.

resource "aws_security_group" "app" {
  name        = "app"
  description = "The application"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "store" {
  name                   = "store"
  description            = "The store"
  vpc_id                 = aws_vpc.main.id
  revoke_rules_on_delete = true
}

resource "aws_vpc_security_group_ingress_rule" "store_from_app" {
  security_group_id            = aws_security_group.store.id
  referenced_security_group_id = aws_security_group.app.id
  description                  = "queries"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "app_from_store" {
  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.store.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.app.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  tags = {
    Name = "out"
  }
}

# Rules inside the group.

resource "aws_security_group" "web" {
  name_prefix = "web-"
  description = "The web"
  vpc_id      = aws_vpc.main.id

  dynamic "ingress" {
    for_each = var.ports
    iterator = port
    content {
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
      description = "port ${port.value}"
    }
  }

  egress = [
    {
      from_port        = 0
      to_port          = 0
      protocol         = "-1"
      cidr_blocks      = ["0.0.0.0/0"]
      description      = null
      ipv6_cidr_blocks = null
      prefix_list_ids  = null
      security_groups  = null
      self             = null
    },
  ]

  lifecycle {
    create_before_destroy = true
  }
}
