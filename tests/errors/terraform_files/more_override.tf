resource "aws_vpc" "absent" {}
