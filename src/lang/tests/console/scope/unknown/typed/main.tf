variable "bool" { type = bool }
variable "number" { type = number }
variable "text" { type = string }
variable "list" { type = list(string) }
variable "set" { type = set(string) }
variable "map" { type = map(string) }
variable "tuple" { type = tuple([string, number]) }
variable "object" { type = object({ a = string, b = number }) }

variable "sure" {
  type     = string
  nullable = false
}

variable "full" {
  type     = list(string)
  nullable = false
}

output "bool" { value = var.bool }
output "number" { value = var.number }
output "text" { value = var.text }
output "list" { value = var.list }
output "set" { value = var.set }
output "map" { value = var.map }
output "tuple" { value = var.tuple }
output "object" { value = var.object }
output "sure" { value = var.sure }
output "full" { value = var.full }
