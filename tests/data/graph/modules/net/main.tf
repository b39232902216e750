variable "name" {}
variable "base" {}

resource "terraform_data" "main" {
  input = "${var.name} ${var.base}"
}

module "sub" {
  source = "./sub"
  count  = 2
  parent = terraform_data.main.id
}

output "id" {
  value = module.sub[0].id
}
