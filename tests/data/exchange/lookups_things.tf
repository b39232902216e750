# Queues, tables, logs, secrets, keys, objects and services, found by their names.

data "aws_sqs_queue" "dead" {
  name = aws_sqs_queue.dead.name
}

data "aws_sqs_queue" "work" {
  for_each = aws_sqs_queue.work
  name     = each.value.name
}

data "aws_dynamodb_table" "orders" {
  name = aws_dynamodb_table.orders.name
}

data "aws_dynamodb_table" "plain" {
  name = aws_dynamodb_table.plain.name
}

# A table that is made with something in it. An import gives no labels: so it is where none are given by default.
resource "aws_s3_object" "items" {
  bucket = aws_s3_bucket.plain.id
  key    = "items.json"

  content = jsonencode({
    Item = {
      id     = { S = "one" }
      colour = { S = "red" }
      count  = { N = "3" }
    }
  })
}

resource "aws_dynamodb_table" "filled" {
  provider = aws.far

  name         = "filled"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  import_table {
    input_format = "DYNAMODB_JSON"

    s3_bucket_source {
      bucket     = aws_s3_object.items.bucket
      key_prefix = aws_s3_object.items.key
    }
  }
}

data "aws_dynamodb_table_item" "part" {
  provider = aws.far

  table_name                 = aws_dynamodb_table.filled.name
  key                        = jsonencode({ id = { S = "one" } })
  projection_expression      = "id, #c"
  expression_attribute_names = { "#c" = "count" }
}

data "aws_cloudwatch_log_group" "app" {
  name = aws_cloudwatch_log_group.app.name
}

data "aws_cloudwatch_log_group" "plain" {
  name = aws_cloudwatch_log_group.plain.name
}

# A new version is a change of the secret: looked at after that.
data "aws_secretsmanager_secret" "database" {
  name       = aws_secretsmanager_secret.database.name
  depends_on = [aws_secretsmanager_secret_version.database]
}

data "aws_secretsmanager_secret" "plain" {
  arn = aws_secretsmanager_secret_version.plain.secret_id
}

data "aws_kms_alias" "data" {
  name = aws_kms_alias.data.name
}

data "aws_s3_object" "index" {
  bucket = aws_s3_object.index.bucket
  key    = aws_s3_object.index.key
}

data "aws_s3_object" "start" {
  bucket = aws_s3_object.index.bucket
  key    = aws_s3_object.index.key
  range  = "bytes=0-3"
}

data "aws_s3_object" "named" {
  bucket        = aws_s3_object.named.bucket
  key           = aws_s3_object.named.key
  checksum_mode = "ENABLED"
}

data "aws_s3_object" "redirect" {
  bucket = aws_s3_object.redirect.bucket
  key    = aws_s3_object.redirect.key
}

data "aws_service_discovery_service" "api" {
  name         = aws_service_discovery_service.api.name
  namespace_id = aws_service_discovery_private_dns_namespace.internal.id
}
