# IAM's own, and what is known without asking AWS.

data "aws_iam_instance_profile" "server" {
  name = aws_iam_instance_profile.server.name
}

data "aws_iam_openid_connect_provider" "by_arn" {
  arn = aws_iam_openid_connect_provider.other.arn
}

data "aws_iam_openid_connect_provider" "by_url" {
  url = "https://${aws_iam_openid_connect_provider.shop.url}"
}

data "aws_iam_roles" "in_folder" {
  path_prefix = aws_iam_role.app.path
}

data "aws_iam_roles" "by_name" {
  name_regex = "^${aws_iam_role.server.name}$"
}

data "aws_iam_roles" "both" {
  name_regex  = "^a[p]+$"
  path_prefix = aws_iam_role.app.path
}

data "aws_iam_roles" "none" {
  path_prefix = "/nobody/"
}

data "aws_arn" "queue" {
  arn = aws_sqs_queue.dead.arn
}

data "aws_arn" "object" {
  arn = "arn:aws:s3:::exchange/a:b"
}

data "aws_default_tags" "here" {}

data "aws_default_tags" "far" {
  provider = aws.far
}

data "aws_service_principal" "here" {
  service_name = "ec2"
}

data "aws_service_principal" "far" {
  service_name = "ecs-tasks"
  region       = "us-east-1"
}

data "aws_service_principal" "china" {
  service_name = "logs"
  region       = "cn-north-1"
}
