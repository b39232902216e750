terraform {
  required_version = ">= 1.5"
}

variable "names" {
  type        = map(object({ size = optional(number, 3), tag = string }))
  description = "What there is"
  default     = { a = { tag = "x" }, b = { size = 9, tag = "y" } }
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

variable "given" {
  type = list(string)
}

variable "nothing" {
  default = null
}

variable "number" {
  default = 1.50
  validation {
    condition     = var.number > 0
    error_message = "Positive."
  }
}

locals {
  one   = { for k, v in var.names : k => v.tag }
  whole = terraform_data.first
  list  = terraform_data.many[*].output
  text  = "${terraform_data.first.output}-x"
}

resource "terraform_data" "first" {
  input = "b"
}

resource "terraform_data" "many" {
  count = 1
  input = { index = count.index, name = var.given[count.index], first = terraform_data.first.output, deep = [{ x = terraform_data.first.id }] }
  lifecycle {
    precondition {
      condition     = count.index < 10
      error_message = "Too many."
    }
  }
}

resource "terraform_data" "each" {
  for_each         = local.one
  input            = "${each.key}=${each.value} ${var.names[each.key].tag}"
  triggers_replace = [terraform_data.many[0].id, "k", terraform_data.many[*].id, var.names["a"].size]
  depends_on       = [terraform_data.first, module.net]

  provisioner "local-exec" {
    command     = "echo ${self.id} ${each.key}"
    environment = { A = "b", C = var.secret }
    when        = create
  }
  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo bye"
  }
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.first.id]
  }
}

resource "terraform_data" "secret" {
  input = { password = var.secret, plain = "x" }
}

resource "terraform_data" "moved" {
  input = {
    a = 1 + 2
    b = [1, "two", true, null]
    c = { d = "e" }
    f = [for x in ["p", "q"] : "${x}!"]
    g = true ? "yes" : "no"
    h = "${"lit"}-eral"
  }
}

resource "terraform_data" "called" {
  input            = jsonencode({ a = upper("b") })
  triggers_replace = null
}

resource "terraform_data" "empty" {
}

data "terraform_remote_state" "no" {
  count   = 0
  backend = "local"
  config = {
    path = "${path.module}/none.tfstate"
  }
}

module "net" {
  source = "./net"
  cidr   = "10.${length(var.given)}.0.0/16"
  first  = terraform_data.first
  fixed  = { a = 1 }
}

module "nets" {
  source   = "./net"
  for_each = toset(["p"])
  cidr     = each.value
  first    = { output = local.text }
}

module "count" {
  source     = "./net"
  count      = 2
  cidr       = module.net.id
  first      = module.nets["p"].all
  depends_on = [terraform_data.first]
}

check "one" {
  assert {
    condition     = terraform_data.first.output == "a"
    error_message = "Not a: ${terraform_data.first.output}."
  }
  assert {
    condition     = length(var.given) > 100
    error_message = "Only ${length(var.given)}."
  }
}

output "plain" {
  value       = var.given
  description = "Some"
}

output "secret" {
  value     = var.secret
  sensitive = true
}

output "first" {
  value      = terraform_data.first.id
  depends_on = [terraform_data.empty]
  precondition {
    condition     = var.number > 1
    error_message = "no"
  }
}

output "mixed" {
  value = { a = terraform_data.first.id, b = [terraform_data.first.output, "x"], c = module.net.id, e = module.count[1].all, g = [for k, m in module.nets : m.id] }
}

output "number" {
  value = var.number
}

output "null" {
  value = var.nothing
}

output "conditional" {
  value = var.number > 1 ? terraform_data.many[0].output.name : terraform_data.each["a"].output
}

output "workspace" {
  value = "${terraform.workspace} ${path.module} ${basename(path.root)}"
}
moved {
  from = terraform_data.constant
  to   = terraform_data.moved
}
removed {
  from = terraform_data.call
  lifecycle {
    destroy = false
  }
}
