# Keys, topics, alarms, endpoints: what other things lean on.

resource "aws_kms_key" "data" {
  description             = local.again ? "what is stored, again" : "what is stored"
  enable_key_rotation     = true
  rotation_period_in_days = local.again ? 90 : 180
  deletion_window_in_days = 7
  multi_region            = var.step > 2

  tags = {
    Name = "data"
  }
}

resource "aws_kms_alias" "data" {
  name          = "alias/exchange/${local.anew}"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_sns_topic" "orders" {
  name              = "exchange-orders-${local.anew}"
  display_name      = local.again ? "All orders" : "Orders"
  signature_version = 2

  tags = {
    Name = "orders"
  }
}

resource "aws_sns_topic" "payments" {
  name                        = "exchange-payments.fifo"
  fifo_topic                  = true
  content_based_deduplication = local.again
}

resource "aws_sqs_queue" "heard" {
  name = "exchange-heard"
}

resource "aws_sns_topic_subscription" "heard" {
  topic_arn            = aws_sns_topic.orders.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.heard.arn
  raw_message_delivery = local.again
  filter_policy        = jsonencode({ kind = ["placed", "changed"] })
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "email"
  endpoint  = "orders@example.com"
}

resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_name          = "exchange-age-${local.anew}"
  alarm_description   = "orders wait"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = local.again ? 3 : 4
  comparison_operator = "GreaterThanThreshold"
  threshold           = 600
  alarm_actions       = [aws_sns_topic.orders.arn]

  dimensions = {
    QueueName = aws_sqs_queue.heard.name
  }

  tags = {
    Name = "age"
  }
}

resource "aws_cloudwatch_metric_alarm" "share" {
  alarm_name          = "exchange-share"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 2.5
  evaluation_periods  = 2

  metric_query {
    id          = "share"
    expression  = local.again ? "100 * failed / FILL(all, 1)" : "100 * failed / all"
    label       = "failed"
    return_data = true
  }

  metric_query {
    id = "failed"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      period      = 60
      stat        = "Sum"

      dimensions = {
        LoadBalancer = "app/web/1"
      }
    }
  }

  metric_query {
    id = "all"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      period      = 60
      stat        = "Sum"
      unit        = "Count"
    }
  }
}

resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_name = "exchange"
  dashboard_body = jsonencode({
    widgets = [{
      type       = "text"
      x          = 0
      y          = 0
      width      = 4
      height     = 4
      properties = { markdown = local.again ? "hello <again>" : "hello" }
    }]
  })
}

resource "aws_vpc" "leans" {
  cidr_block = "10.77.0.0/16"
}

resource "aws_subnet" "leans" {
  count      = 2
  vpc_id     = aws_vpc.leans.id
  cidr_block = "10.77.${count.index}.0/24"
}

resource "aws_route_table" "leans" {
  count  = 2
  vpc_id = aws_vpc.leans.id
}

resource "aws_default_security_group" "none" {
  vpc_id = aws_vpc.leans.id

  tags = {
    Name = local.again ? "none" : "empty"
  }
}

resource "aws_security_group" "older" {
  name        = "exchange-older"
  description = "rules in the older form"
  vpc_id      = aws_vpc.leans.id
}

resource "aws_security_group_rule" "https" {
  security_group_id = aws_security_group.older.id
  type              = "ingress"
  description       = local.again ? "all of it" : "https"
  protocol          = "6"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.77.1.0/24", "10.77.0.0/24"]
}

resource "aws_security_group_rule" "each_other" {
  security_group_id = aws_security_group.older.id
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  self              = true
}

resource "aws_security_group_rule" "other" {
  security_group_id        = aws_security_group.older.id
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = var.step > 2 ? 81 : 80
  to_port                  = 90
  source_security_group_id = aws_default_security_group.none.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.leans.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = local.again ? aws_route_table.leans[*].id : [aws_route_table.leans[0].id]

  tags = {
    Name = "s3"
  }
}

resource "aws_vpc_endpoint" "logs" {
  vpc_id              = aws_vpc.leans.id
  service_name        = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.leans[0].id]
  security_group_ids  = [aws_security_group.older.id]
  private_dns_enabled = local.again
}

resource "aws_s3_bucket" "traffic" {
  bucket = "exchange-traffic-${data.aws_caller_identity.me.account_id}"
}

resource "aws_flow_log" "files" {
  vpc_id                   = aws_vpc.leans.id
  traffic_type             = var.step > 2 ? "ALL" : "REJECT"
  log_destination_type     = "s3"
  log_destination          = aws_s3_bucket.traffic.arn
  max_aggregation_interval = 60

  destination_options {
    file_format        = "parquet"
    per_hour_partition = true
  }

  tags = {
    Name = local.again ? "files" : "first files"
  }
}
