terraform {
  required_version = ">= 2.0"
  cloud {}
}

provider "aws" {
  region = "eu-west-1"
  regoin = "eu-west-3"
}

variable "size" {
  type = strin
}

variable "size" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/99"
  cidr_blok  = "10.0.0.0/16"
  count      = 1
  for_each   = {}
}

resource "aws_lex_bot" "one" {}
resource "aws_lex_bot" "two" {}

resource "google_compute_instance" "vm" {}

resource "aws_subnet" {
}

output "size" {
  value = var.siez
}

output "vpc" {
  value = aws_vpc.mian.id
}
