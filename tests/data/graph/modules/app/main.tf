variable "nets" {}

data "terraform_remote_state" "nets" {
  backend = "local"
  config  = { path = join("", var.nets) }
}

resource "terraform_data" "app" {
  input = var.nets
}

resource "terraform_data" "alone" {
}

output "ids" {
  value = [terraform_data.app.id]
}
