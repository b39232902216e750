variable "id" { description = "x" }
resource "terraform_data" "in" {
  count = 1
  input = var.id
}
output "out" { value = terraform_data.in[0].output }
check "inner" {
  assert {
    condition     = terraform_data.in[0].output != ""
    error_message = "Empty."
  }
}
