variable "names" {
  type = list(string)
}

variable "settings" {
  type    = map(string)
  default = {}
}

resource "aws_sqs_queue" "it" {
  for_each = toset(var.names)
  name     = "inner-${each.key}"
}

output "arns" {
  value = { for key, it in aws_sqs_queue.it : key => it.arn }
}
