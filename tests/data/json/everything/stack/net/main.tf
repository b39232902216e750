variable "cidr" {
  type      = string
  sensitive = false
}
variable "first" {}
variable "fixed" {
  default = {}
  type    = map(number)
}
resource "terraform_data" "vpc" {
  input = [var.cidr, var.first.output]
}
module "inner" {
  source = "./inner"
  id     = terraform_data.vpc.id
}
output "id" {
  value = terraform_data.vpc.id
}
output "all" {
  value       = terraform_data.vpc
  description = "All"
}
output "hidden" {
  value     = module.inner.out
  sensitive = true
}
