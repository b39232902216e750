variable "name" {}
variable "policy" { type = string }
variable "settings" { type = any }

resource "aws_sqs_queue" "it" {
  name          = var.settings.fifo ? "${var.name}.fifo" : var.name
  fifo_queue    = var.settings.fifo
  delay_seconds = var.settings.delay
  policy        = var.policy
}

output "name" { value = aws_sqs_queue.it.name }
