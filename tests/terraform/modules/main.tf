# One module many times, one in another region that waits for the others, and modules in modules.

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "us"
  region = "us-east-1"
}

variable "cidrs" {
  type    = map(string)
  default = { a = "10.0.0.0/16", b = "10.1.0.0/16" }
}

module "net" {
  source   = "./net"
  for_each = var.cidrs
  cidr     = each.value
  name     = "net-${each.key}"
}

module "far" {
  source     = "./net"
  cidr       = "10.9.0.0/16"
  providers  = { aws = aws.us }
  depends_on = [module.net]
}

resource "aws_security_group" "web" {
  name        = "web"
  vpc_id      = module.net["a"].vpc_id
  description = "beside ${module.far.vpc_id}"
}

output "ids" {
  value = { for k, m in module.net : k => m.vpc_id }
}

output "subnets" {
  value = module.far.subnets
}

output "whole" {
  value = module.net[*]
}
