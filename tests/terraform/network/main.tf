terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      team  = "platform"
      stack = "network"
    }
  }
}

variable "zones" {
  type    = number
  default = 1 # terraform.tfvars says otherwise

  validation {
    condition     = var.zones > 0 && var.zones < 4
    error_message = "One to three."
  }
}

locals {
  zones = slice(data.aws_availability_zones.up.names, 0, var.zones)
}

data "aws_availability_zones" "up" {
  state = "available"
}

resource "aws_vpc" "main" {
  cidr_block           = "10.1.0.0/16" # the override file says otherwise
  enable_dns_hostnames = true
  tags                 = { Name : "main" }
}

resource "aws_subnet" "public" {
  count                   = "${var.zones}"
  vpc_id                  = aws_vpc.main.id
  availability_zone       = local.zones[count.index]
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }

resource "aws_eip" "nat" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.main]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  # Rules of a table can stand inside it, too.
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}
