# Ways in and out of networks, found by what is known of them.

data "aws_internet_gateway" "net" {
  tags = {
    stack = "exchange"
  }

  filter {
    name   = "attachment.vpc-id"
    values = [module.net["blue"].vpc]
  }

  depends_on = [module.net]
}

data "aws_internet_gateway" "by_id" {
  internet_gateway_id = data.aws_internet_gateway.net.id
}

data "aws_nat_gateway" "net" {
  vpc_id = module.net["blue"].vpc
  state  = "available"

  depends_on = [module.net]
}

data "aws_nat_gateway" "by_subnet" {
  subnet_id = module.net["green"].subnet.id

  depends_on = [module.net]
}

data "aws_nat_gateway" "by_id" {
  id = data.aws_nat_gateway.net.id
}

data "aws_eip" "by_id" {
  id = aws_eip.plain[0].id
}

data "aws_eip" "by_address" {
  public_ip = aws_eip.tagged.public_ip

  tags = {
    stack = "exchange"
  }
}

data "aws_eip" "by_filter" {
  filter {
    name   = "allocation-id"
    values = [aws_eip.plain[1].id]
  }
}

# One that something answers at.
data "aws_eip" "used" {
  id = data.aws_nat_gateway.net.allocation_id
}

data "aws_route_table" "own" {
  vpc_id = data.aws_vpc.own.id

  filter {
    name   = "association.main"
    values = ["true"]
  }
}

data "aws_route_table" "by_subnet" {
  subnet_id = module.net["blue"].subnet.id

  depends_on = [module.net]
}

data "aws_route_table" "by_route" {
  vpc_id = module.net["blue"].vpc

  filter {
    name   = "route.nat-gateway-id"
    values = [data.aws_nat_gateway.net.id]
  }
}

# Its route to an endpoint is not told.
data "aws_route_table" "by_id" {
  route_table_id = aws_route_table.leans[0].id

  depends_on = [aws_vpc_endpoint.s3]
}

data "aws_route" "own" {
  route_table_id         = data.aws_vpc.own.main_route_table_id
  destination_cidr_block = data.aws_vpc.own.cidr_block
}

data "aws_route" "in" {
  route_table_id = data.aws_route_table.by_subnet.id
  gateway_id     = data.aws_internet_gateway.net.id
}

data "aws_route" "out" {
  route_table_id = data.aws_route_table.by_route.id
  nat_gateway_id = data.aws_nat_gateway.by_id.id
}

data "aws_vpc_endpoint" "by_id" {
  id = aws_vpc_endpoint.s3.id
}

data "aws_vpc_endpoint" "by_service" {
  vpc_id       = aws_vpc_endpoint.logs.vpc_id
  service_name = aws_vpc_endpoint.logs.service_name
  state        = "available"
}

data "aws_vpc_endpoint" "by_tags" {
  vpc_id = aws_vpc_endpoint.s3.vpc_id

  tags = {
    Name = "s3"
  }

  filter {
    name   = "vpc-endpoint-type"
    values = ["Gateway"]
  }
}
