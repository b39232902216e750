# What is there already, found by what is known of it. AWS's own things, so that nothing waits for a change.

data "aws_vpc" "own" {
  default = true
}

data "aws_subnets" "own" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.own.id]
  }
}

data "aws_subnet" "own" {
  vpc_id            = data.aws_vpc.own.id
  availability_zone = "eu-west-1a"
}

data "aws_security_group" "own" {
  name   = "default"
  vpc_id = data.aws_vpc.own.id
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]
  name_regex  = "^amzn2-ami-hvm-2.0"

  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
}

data "aws_iam_policy" "by_arn" {
  arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

data "aws_kms_key" "own" {
  key_id = "alias/aws/s3"
}

data "aws_partition" "here" {}

data "aws_elb_service_account" "here" {}

# And some of our own.

data "aws_iam_role" "app" {
  name = aws_iam_role.app.name
}

data "aws_iam_policy" "read" {
  name = aws_iam_policy.read.name
}

data "aws_ecr_repository" "images" {
  name = aws_ecr_repository.images.name
}

data "aws_s3_bucket" "things" {
  bucket = aws_s3_bucket.things.id
}

data "aws_ssm_parameter" "open" {
  name = aws_ssm_parameter.open.name
}

data "aws_secretsmanager_secret_version" "plain" {
  secret_id = aws_secretsmanager_secret_version.plain.secret_id
}
