# What the recorded expressions can refer to: values that are not known yet, of each type, as an
# object that is still to be created gives them. The test's own scope holds the same.

terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

resource "terraform_data" "unknown" {}

variable "ephemeral" {
  type      = string
  ephemeral = true
  default   = "short-lived"
}

variable "template" {
  type    = string
  default = "Hello, $${name}!"
}

module "unknown" {
  source = "./unknown"
  value  = terraform_data.unknown.output
}

locals {
  any    = module.unknown.any
  bool   = module.unknown.bool
  number = module.unknown.number
  text   = module.unknown.text
  list   = module.unknown.list
  set    = module.unknown.set
  map    = module.unknown.map
  tuple  = module.unknown.tuple
  object = module.unknown.object
  # Not null, whatever they turn out to be.
  sure = module.unknown.sure
  full = module.unknown.full

  greeting = "Hello, $${name}!"
  loop     = "%%{ for it in list }<$${it}>%%{ endfor }"
  broken   = "Hello, $${name"
  nothing  = null
  lone     = "$${value}"
}
