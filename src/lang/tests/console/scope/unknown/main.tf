variable "value" {}

module "typed" {
  source = "./typed"
  bool   = var.value
  number = var.value
  text   = var.value
  list   = var.value
  set    = var.value
  map    = var.value
  tuple  = var.value
  object = var.value
  sure   = var.value
  full   = var.value
}

output "any" { value = var.value }
output "bool" { value = module.typed.bool }
output "number" { value = module.typed.number }
output "text" { value = module.typed.text }
output "list" { value = module.typed.list }
output "set" { value = module.typed.set }
output "map" { value = module.typed.map }
output "tuple" { value = module.typed.tuple }
output "object" { value = module.typed.object }
output "sure" { value = module.typed.sure }
output "full" { value = module.typed.full }
