# What depends on what through variables, locals, outputs and whole modules.

variable "names" {
  type    = set(string)
  default = ["a", "b"]
}

locals {
  base = terraform_data.base.output
  both = [for m in module.net : m.id]
}

data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = terraform_data.base.output }
}

resource "terraform_data" "base" {
  input = "base"
}

resource "terraform_data" "unused" {
  count = 2
}

module "net" {
  source   = "./net"
  for_each = var.names
  name     = each.key
  base     = local.base
}

module "app" {
  source     = "./app"
  nets       = local.both
  depends_on = [terraform_data.late]
}

module "empty" {
  source = "./empty"
  input  = terraform_data.base.output
}

resource "terraform_data" "late" {
  depends_on = [module.net]
}

resource "terraform_data" "last" {
  input = [module.app.ids, module.net["a"].id, module.empty.output, terraform_data.base.id]
  lifecycle {
    replace_triggered_by = [terraform_data.unused[0]]
  }
}

resource "terraform_data" "z-last" {
  for_each = { for k in data.terraform_remote_state.other.outputs.names : k => k }
  input    = each.value
}

check "reachable" {
  data "terraform_remote_state" "seen" {
    backend = "local"
    config  = { path = terraform_data.last.id }
  }
  assert {
    condition     = data.terraform_remote_state.seen.outputs != null
    error_message = "no state"
  }
}

output "all" {
  value = terraform_data.last.output
}
