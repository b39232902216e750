locals {
  quoted = 'text'
}

locals {
  colon: 1
}

locals {
  list = [1 2]
}

locals {
  open = "text
}

locals {
  twice = 1
  twice = 2
}

locals {
  missing =
}

resource "aws_subnet" "open" {
  vpc_id = aws_vpc.main.id

resource "aws_subnet" "fine" {
  vpc_id     = aws_vpc.main.id
  cidr_block = local.nowhere
}
}
