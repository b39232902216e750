# Who has a policy, roles of services, policies of topics, where failed messages go, items of tables.

resource "aws_iam_role" "granted" {
  count              = 2
  name               = "exchange-granted-${count.index}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "granted" {
  count = 2
  name  = "exchange-granted-${count.index}"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" }]
  })
}

resource "aws_iam_policy_attachment" "granted" {
  name       = "granted-${local.anew}"
  policy_arn = aws_iam_policy.granted[0].arn
  roles      = local.again ? aws_iam_role.granted[*].name : [aws_iam_role.granted[0].name]
}

resource "aws_iam_policy_attachment" "plain" {
  name       = "plain"
  policy_arn = aws_iam_policy.granted[1].arn
  roles      = [aws_iam_role.granted[1].name]
}

resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = local.anew
  description      = local.again ? "scales, again" : "scales"

  tags = {
    Name = local.again ? "scaling two" : "scaling"
  }
}

resource "aws_iam_service_linked_role" "plain" {
  aws_service_name = "elasticbeanstalk.amazonaws.com"
}

# The service puts a suffix of its own there.
resource "aws_iam_service_linked_role" "suffixed" {
  aws_service_name = "custom-resource.application-autoscaling.amazonaws.com"
}

resource "aws_sns_topic" "granted" {
  name = "exchange-granted-${local.anew}"
}

resource "aws_sns_topic_policy" "granted" {
  arn = aws_sns_topic.granted.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = local.again ? "Twice" : "Once"
      Effect    = "Allow"
      Action    = "sns:Publish"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Resource  = aws_sns_topic.granted.arn
    }]
  })
}

resource "aws_sqs_queue" "granted" {
  for_each = toset(["tasks", "failed"])
  name     = "exchange-granted-${each.key}"
}

# Each is the other's.
resource "aws_sqs_queue_redrive_policy" "tasks" {
  queue_url = aws_sqs_queue.granted["tasks"].id

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.granted["failed"].arn
    maxReceiveCount     = local.again ? 5 : 4
  })
}

resource "aws_sqs_queue_redrive_policy" "failed" {
  count     = var.step > 2 ? 0 : 1
  queue_url = aws_sqs_queue.granted["failed"].id

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.granted["tasks"].arn
    maxReceiveCount     = 100
  })
}

resource "aws_dynamodb_table" "granted" {
  name         = "exchange-granted"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "ranged" {
  name         = "exchange-ranged-${local.anew}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"

  attribute {
    name = "id"
    type = "B"
  }

  attribute {
    name = "at"
    type = "N"
  }
}

resource "aws_dynamodb_table_item" "every" {
  table_name = aws_dynamodb_table.ranged.name
  hash_key   = aws_dynamodb_table.ranged.hash_key
  range_key  = aws_dynamodb_table.ranged.range_key

  item = jsonencode({
    id    = { B = "AAEC" }
    at    = { N = "7" }
    text  = { S = local.again ? "a <b> & c, again" : "a <b> & c" }
    on    = { BOOL = local.again }
    none  = { NULL = true }
    bytes = { B = local.again ? "AwQF" : "AgME" }
    all   = { SS = ["x"] }
    some  = { NS = ["1.5"] }
    raw   = { BS = ["AAEC"] }
    list  = { L = [{ S = "first" }, { M = { inner = { N = "2" } } }] }
    map   = { M = { deep = { L = [{ BOOL = true }, { NULL = true }] } } }
  })
}

# One goes and another comes.
resource "aws_dynamodb_table_item" "moved" {
  table_name = aws_dynamodb_table.granted.name
  hash_key   = aws_dynamodb_table.granted.hash_key

  item = jsonencode({
    id                                  = { S = local.again ? "second" : "first" }
    (local.again ? "newer" : "older") = { N = "1" }
  })
}

resource "aws_dynamodb_table_item" "plain" {
  count      = 3
  table_name = aws_dynamodb_table.granted.name
  hash_key   = "id"

  item = <<-ITEM
    {
      "id": {"S": "plain-${count.index}"}
    }
  ITEM
}
