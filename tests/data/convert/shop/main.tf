terraform {
  required_version = "~> 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { stack = "shop", env = terraform.workspace }
  }
}

provider "aws" {
  alias  = "paris"
  region = "eu-west-3"
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "zones" {
  description = "Zone letters, and how many addresses each has"
  type        = map(number)

  validation {
    condition     = length(var.zones) > 0
    error_message = "At least one of ${length(var.zones)} zones."
  }
}

variable "ports" {
  type = list(object({
    port = number
    name = optional(string, "web")
  }))
  default = [{ port = 80 }, { port = 443, name = "tls" }]
}

locals {
  # Names begin with this.
  prefix = "shop-${terraform.workspace}"

  actions = [
    "sqs:SendMessage",
    "sqs:ReceiveMessage", # and not more
  ]

  banner = <<-EOT
    Welcome to ${local.prefix}
      "quoted" and 'more'
    %{for it in sort(keys(var.zones))~}
    zone ${it}
    %{endfor~}
  EOT
}

data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "send" {
  statement {
    sid     = "Send"
    actions = local.actions

    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.me.account_id]
    }

    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.ports
    content {
      sid       = "Port${statement.value.port}n${statement.key}"
      effect    = "Deny"
      actions   = ["sqs:DeleteQueue"]
      resources = ["*"]

      dynamic "principals" {
        for_each = statement.value.name == "tls" ? { AWS = ["*"] } : {}
        iterator = who
        content {
          type        = who.key
          identifiers = who.value
        }
      }

      dynamic "condition" {
        for_each = toset(["true", "false"])
        content {
          test     = "Bool"
          variable = "aws:${condition.key}"
          values   = [condition.value, statement.value.name]
        }
      }
    }
  }
}
