# One of everything, read by Terraform and by infra. `step` moves it on: 2 changes things in place,
# 3 replaces some of them.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "step" {
  type    = number
  default = 1
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "hidden <&> value"
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true

  default_tags {
    tags = {
      stack = "exchange"
      team  = "platform"
    }
  }
}

provider "aws" {
  alias                       = "far"
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
}

locals {
  again = var.step > 1
  anew  = var.step > 2 ? "anew" : "first"
  zones = slice(data.aws_availability_zones.up.names, 0, 2)
}

data "aws_availability_zones" "up" {
  state = "available"
}

data "aws_caller_identity" "me" {}

data "aws_region" "far" {
  provider = aws.far
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Trust"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "ec2.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}

module "net" {
  source = "./net"
  for_each = {
    blue  = "10.1.0.0/16"
    green = "10.2.0.0/16"
  }

  cidr  = each.value
  zones = local.zones
  name  = each.key
  again = local.again
}

module "far" {
  source = "./net"

  cidr  = "10.3.0.0/16"
  zones = ["us-east-1a"]
  name  = "far"
  again = local.again

  providers = {
    aws = aws.far
  }
}

resource "aws_eip" "tagged" {
  domain = "vpc"
  tags = {
    Name = local.again ? "address two" : "address"
  }
}

resource "aws_eip" "plain" {
  count = 2
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/exchange/app-${local.anew}"
  retention_in_days = local.again ? 30 : 14

  tags = {
    Name = "app"
    team = "own"
  }
}

resource "aws_cloudwatch_log_group" "plain" {
  name_prefix = "plain-"
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "at"
    type = "N"
  }

  attribute {
    name = "customer"
    type = "S"
  }

  global_secondary_index {
    name               = "by-customer"
    hash_key           = "customer"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total", "state"]
  }

  local_secondary_index {
    name            = "by-customer-here"
    range_key       = "customer"
    projection_type = "KEYS_ONLY"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = local.again
  }

  server_side_encryption {
    enabled = true
  }

  timeouts {
    create = "5m"
    delete = "7m"
  }

  tags = {
    Name = "orders"
  }
}

resource "aws_dynamodb_table" "plain" {
  name           = "plain-${local.anew}"
  read_capacity  = local.again ? 6 : 5
  write_capacity = 5
  hash_key       = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_ecr_repository" "images" {
  name                 = "images-${local.anew}"
  image_tag_mutability = local.again ? "MUTABLE" : "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }

  tags = {
    Name = "images"
  }
}

resource "aws_ecr_repository" "plain" {
  name = "plain"
}

resource "aws_iam_role" "app" {
  name                 = "app"
  path                 = "/exchange/"
  description          = local.again ? "The application's, again" : "The application's"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json

  tags = {
    Name = "app"
  }
}

resource "aws_iam_role" "inline" {
  name_prefix = "inline-"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })

  force_detach_policies = true
}

resource "aws_iam_policy" "read" {
  name        = "read-${local.anew}"
  description = "Reads"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = local.again ? ["s3:GetObject", "s3:ListBucket"] : ["s3:GetObject"]
      Resource = "*"
    }]
  })

  tags = {
    Name = "read"
  }
}

resource "aws_iam_role_policy" "queue" {
  name = "queue"
  role = aws_iam_role.app.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = local.again ? "sqs:*" : "sqs:SendMessage"
      Resource = aws_sqs_queue.work["red"].arn
    }]
  })
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_s3_bucket" "things" {
  bucket        = "exchange-things-${data.aws_caller_identity.me.account_id}"
  force_destroy = true

  tags = {
    Name = local.again ? "things two" : "things"
  }
}

resource "aws_s3_bucket" "plain" {
  bucket_prefix = "exchange-plain-"
}

resource "aws_s3_bucket_versioning" "things" {
  bucket = aws_s3_bucket.things.id

  versioning_configuration {
    status = local.again ? "Suspended" : "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "things" {
  bucket = aws_s3_bucket.things.id

  rule {
    bucket_key_enabled = local.again

    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "things" {
  bucket                  = aws_s3_bucket.things.id
  block_public_acls       = true
  block_public_policy     = local.again
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_lifecycle_configuration" "things" {
  bucket = aws_s3_bucket.things.id

  rule {
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = "logs/"
    }

    transition {
      days          = local.again ? 60 : 30
      storage_class = "STANDARD_IA"
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    expiration {
      days = 365
    }
  }

  rule {
    id     = "parts"
    status = "Disabled"

    filter {
      prefix = "tmp/"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }
}

resource "aws_s3_bucket_policy" "things" {
  bucket = aws_s3_bucket.things.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = local.again ? "Twice" : "Once"
      Effect    = "Deny"
      Action    = "s3:DeleteBucket"
      Principal = "*"
      Resource  = aws_s3_bucket.things.arn
    }]
  })
}

resource "aws_sqs_queue" "dead" {
  name                      = "dead"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "work" {
  for_each = toset(["red", "blue"])

  name                       = "work-${each.key}"
  visibility_timeout_seconds = 60

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 3
  })

  tags = {
    owner = each.key
  }
}

resource "aws_sqs_queue" "fifo" {
  name_prefix                 = "line-"
  fifo_queue                  = true
  content_based_deduplication = true
}

resource "aws_sqs_queue_policy" "work" {
  for_each  = aws_sqs_queue.work
  queue_url = each.value.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Resource  = each.value.arn
    }]
  })
}

resource "terraform_data" "open" {
  input = {
    text   = "a <b> & c"
    number = var.step
    list   = [1, "two", null]
  }

  triggers_replace = [local.anew]
}

resource "terraform_data" "plain" {}

resource "terraform_data" "secret" {
  input = var.secret
}

check "queue" {
  assert {
    condition     = aws_sqs_queue.dead.message_retention_seconds == 1209600
    error_message = "It forgets too soon."
  }
}

output "vpcs" {
  value = { for name, it in module.net : name => it.vpc }
}

output "secret" {
  value     = var.secret
  sensitive = true
}

output "open" {
  value = terraform_data.open.output
}

output "far" {
  value = data.aws_region.far.name
}

# What AWS leaves unset reads the same in both.
output "unset" {
  value = {
    instance    = aws_eip.plain[0].instance
    stream      = aws_dynamodb_table.plain.stream_arn
    description = aws_iam_role.inline.description
    boundary    = aws_iam_role.app.permissions_boundary
    kms         = aws_cloudwatch_log_group.plain.kms_key_id
    ipv6        = module.net["blue"].subnet.ipv6_cidr_block
    policy      = aws_sqs_queue.dead.redrive_policy
    free        = aws_eip.plain[1].association_id == ""
  }
}
