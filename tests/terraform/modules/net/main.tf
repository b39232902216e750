terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "cidr" {
  type = string
  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "no cidr"
  }
}

variable "name" {
  type     = string
  default  = "x"
  nullable = false
}

locals {
  tags = { Name = var.name }
}

data "aws_availability_zones" "up" {
  state = "available"
}

resource "aws_vpc" "main" {
  cidr_block = var.cidr
  tags       = local.tags
}

# A module of stack files, called from a .tf file.
module "sub" {
  source = "./sub"
  count  = 2
  vpc    = aws_vpc.main.id
  cidr   = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  zone   = data.aws_availability_zones.up.names[count.index]
}

output "vpc_id" {
  value = aws_vpc.main.id
}

output "subnets" {
  value = module.sub[*].id
}

output "path" {
  value = "${path.module} ${path.root}"
}
