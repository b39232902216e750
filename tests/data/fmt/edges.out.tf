variable "list1" { type = list(any) }
variable "q" { type = map(string) }
variable "q2" {
  type    = string
  default = var.x
}
resource "aws_vpc" "main" {
  a     = "${x}${y}"    # one
  bbbbb = foo("${bar}") // two
  c = (x ? 1 :
  2)
  d  = "lit"
  e  = -1
  f  = 1 - 2
  g  = [-1, -2, !true, a[0], a[0], a.b["c"]]
  h  = { a = 1, "b" : 2, (c) = 3 }
  i  = x == 1 && y != 2 || z >= 3 ? a : b
  j  = [for k, v in { a = 1 } : v if v != 1]
  k  = { for k, v in x : k => v... if true }
  l  = a.*.b
  m  = a[*].b
  n  = <<A
  ${x}
A
  o  = provider::aws::arn_parse("x")
  p  = "é"  # comment
  qq = "éé" # comment
  foo "bar" "baz" { x = 1 }
  one "two" "three" {}
}
locals {
  a  = 1
  bb = 2

  ccc = 3 # x
  # c
  d = 4
  e = {
    x = 1
    yy = [
      1, 2
    ]
    zzz = 2
  }
  s = "a ${ { x = 1 }.x} b%{if x}y%{else}z%{endif}"
  fn = templatefile("x", {
    a = 1
  bcd = 2 })
  w = x
}
