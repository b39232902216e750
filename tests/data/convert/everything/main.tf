# What this stack is about.
# It has two lines.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
  backend "local" {
    path = "state.tfstate"
  }
}

provider "aws" {
  region = var.region // where it all is

  default_tags {
    tags = {
      stack = "everything"
      env   = terraform.workspace
    }
  }
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/x"
  }
}

/* Names,
 * and more of them.
 */
locals {
  name  = "shop-${terraform.workspace}" # how it is called
  quote = "say \"hi\" to ${var.region == "x" ? "it's" : "them"}"
  plain = "C:\\temp\tand $${not} %%{this}"

  # Numbers.
  one   = 1
  minus = -2.50
  big   = 123456789012345678901234567890
  zero  = 007
  flag  = true
  none  = null

  list = ["a", "b", local.name]
  long = [
    "a", # first
    # second
    "b",

    local.name
  ]
  empty_list = []
  empty      = {}
  short      = { a = 1, "b c" = local.one }
  tags = {
    Name        = local.name # here
    # there
    "with space" = "x"
    deep = {
      er = [1, 2]
    }
  }
  rules = [
    { port = 80, cidrs = ["0.0.0.0/0"] },
    # TLS
    {
      port  = 443
      cidrs = [for it in ["10.0.0.0/8"] : it]
    },
  ]
  mixed    = [{ a = 1 }, "x", [local.one]]
  computed = { (local.name) = 1, "${local.name}-x" = 2 }
  merged = merge(local.tags, {
    # inside
    more = "yes"
  })
  doc = <<EOT
one ${local.name}
  two \n "three" $${four}
EOT
  flush = <<-EOT
    {
      "a": "${local.name}"

    }
    EOT
  stripped = <<-EOT
    %{~ for it in local.list ~}
    item ${it}
    %{~ endfor ~}
  EOT
  script = join("\n", [<<EOT
inner
EOT
    , "x"])
  apostrophes = "'''${"\"'"}'''"
  unicode     = "\u00e9\U0001F600"
  legacy      = "${local.one}"
  upper_list  = local.list.*
}

locals {
  # of the second one
  second = local.one + 1
}
