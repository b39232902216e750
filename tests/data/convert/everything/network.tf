variable "region" {
  type        = string
  description = "Where it \"all\" is"
  default     = "eu-west-1"

  validation {
    condition     = length(var.region) > 3
    error_message = "Too short: ${var.region}."
  }
}

variable "ports" {
  type = list(object({
    port  = number
    # who may
    cidrs = optional(list(string), ["0.0.0.0/0"])
  }))
  default = [
    { port = 80 },
    { port = 443, cidrs = ["10.0.0.0/8"] },
  ]
}

variable "old" { type = map(string) }
variable "secret" {
  type      = string
  default   = null
  sensitive = true
  nullable  = true
}

data "aws_region" "here" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags = {
    Name = local.name
  }
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags["Owner"], tags["X"]]
  }
}

resource "aws_security_group" "web" {
  for_each = toset(["a", "b"])
  vpc_id   = aws_vpc.main.id
  name     = each.key

  # The first rule stands for itself.
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  # The others are computed.
  dynamic "ingress" {
    for_each = var.ports
    iterator = rule
    content {
      from_port   = rule.value.port # both
      to_port     = rule.value["port"]
      protocol    = "tcp"
      cidr_blocks = rule.value.cidrs
      description = "rule ${rule.key}"
    }
  }

  dynamic "egress" {
    for_each = each.key == "a" ? [1] : []
    content {
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }

  timeouts {
    create = "10m"
  }

  lifecycle {
    replace_triggered_by = [aws_vpc.main.id]

    precondition {
      condition     = data.aws_region.here.name != ""
      error_message = "no region"
    }
  }

  depends_on = [aws_vpc.main, data.aws_region.here]
}

resource "aws_sqs_queue" "west" {
  provider = aws.west
  count    = 2
  name     = "q-${count.index}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
    }]
  })
}

moved {
  from = aws_vpc.old
  to   = aws_vpc.main
}

import {
  to = aws_sqs_queue.west[0]
  id = "https://sqs.us-west-2.amazonaws.com/123456789012/q-0"
}

removed {
  from = aws_vpc.gone
  lifecycle {
    destroy = false
  }
}

check "health" {
  data "aws_region" "probe" {}
  assert {
    condition     = data.aws_region.probe.name != ""
    error_message = "no region"
  }
}

module "inner" {
  source    = "./inner"
  providers = { aws = aws.west }
  names     = ["x", "y"]
  settings = {
    a = 1
    b = "two"
  }
  depends_on = [aws_vpc.main]
}

output "vpc" {
  value       = aws_vpc.main.id
  description = "The VPC"
}

output "names" {
  value     = [for it in aws_sqs_queue.west : it.name]
  sensitive = true
  precondition {
    condition     = length(aws_sqs_queue.west) > 0
    error_message = "never"
  }
}
# the end
