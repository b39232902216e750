# What is in log groups, groups of databases' options and clusters' parameters, and CloudFront's policies.

resource "aws_cloudwatch_log_group" "records" {
  name = "/exchange/records-${local.anew}"
}

resource "aws_cloudwatch_log_metric_filter" "failures" {
  name           = "failures"
  log_group_name = aws_cloudwatch_log_group.records.name
  pattern        = local.again ? "{ $.status >= 400 }" : " { $.status >= 500 } "

  metric_transformation {
    name          = "failures"
    namespace     = "exchange"
    value         = "1"
    default_value = local.again ? "0.5" : "0"
    unit          = local.again ? "Count" : null
  }
}

resource "aws_cloudwatch_log_metric_filter" "bytes" {
  name           = "bytes"
  log_group_name = aws_cloudwatch_log_group.records.name
  pattern        = "{ $.bytes = * }"

  metric_transformation {
    name      = "bytes"
    namespace = local.again ? "exchange/traffic" : "exchange"
    value     = "$.bytes"
    unit      = "Bytes"

    dimensions = {
      path = local.again ? "$.route" : "$.path"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "all" {
  name           = "all-${local.anew}"
  log_group_name = aws_cloudwatch_log_group.plain.name
  pattern        = ""

  metric_transformation {
    name      = "all"
    namespace = "exchange"
    value     = local.again ? "2" : "1"
  }
}

resource "aws_cloudwatch_log_stream" "audit" {
  name           = "audit-${local.anew}"
  log_group_name = aws_cloudwatch_log_group.plain.name
}

resource "aws_cloudwatch_log_stream" "records" {
  count = 2

  name           = "records/${count.index}"
  log_group_name = aws_cloudwatch_log_group.records.name
}

resource "aws_cloudwatch_log_resource_policy" "route53" {
  policy_name = "route53-${local.anew}"

  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = local.again ? "again" : "first"
      Effect    = "Allow"
      Principal = { Service = "route53.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:aws:logs:*:*:log-group:/aws/route53/*"
    }]
  })
}

resource "aws_cloudwatch_log_resource_policy" "written" {
  policy_name = "written"

  policy_document = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "${local.again ? "again" : "first"}",
          "Effect": "Allow",
          "Principal": { "Service": "es.amazonaws.com" },
          "Action": "logs:PutLogEvents",
          "Resource": "*"
        }
      ]
    }
  EOT
}

resource "aws_security_group" "records" {
  name   = "records"
  vpc_id = aws_vpc.databases.id
}

resource "aws_db_option_group" "audit" {
  name                     = "audit-${local.anew}"
  engine_name              = "mysql"
  major_engine_version     = "8.0"
  option_group_description = "what the shop's database does"

  option {
    option_name = "MARIADB_AUDIT_PLUGIN"

    option_settings {
      name  = "SERVER_AUDIT_EVENTS"
      value = local.again ? "CONNECT,QUERY,TABLE" : "CONNECT,QUERY"
    }

    option_settings {
      name  = "SERVER_AUDIT_FILE_ROTATIONS"
      value = "20"
    }
  }

  tags = {
    step = tostring(var.step)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_option_group" "cache" {
  name_prefix          = "cache-"
  engine_name          = "mysql"
  major_engine_version = "8.0"

  dynamic "option" {
    for_each = local.again ? ["MARIADB_AUDIT_PLUGIN"] : ["MEMCACHED"]

    content {
      option_name                    = option.value
      port                           = local.again ? null : 11212
      vpc_security_group_memberships = local.again ? null : [aws_security_group.records.id]
    }
  }
}

resource "aws_db_option_group" "plain" {
  engine_name          = "oracle-ee"
  major_engine_version = "19"
  skip_destroy         = false

  option {
    option_name                    = "OEM"
    port                           = 1158
    version                        = local.again ? "13.5.0.0.v2" : "13.5.0.0.v1"
    vpc_security_group_memberships = [aws_security_group.records.id]
  }

  timeouts {
    delete = "20m"
  }
}

resource "aws_rds_cluster_parameter_group" "main" {
  name        = "exchange-${local.anew}"
  family      = "aurora-postgresql16"
  description = "what the cluster does"

  parameter {
    name  = "log_statement"
    value = local.again ? "ddl" : "all"
  }

  dynamic "parameter" {
    for_each = local.again ? [] : ["100"]

    content {
      name         = "max_connections"
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }

  tags = {
    step = tostring(var.step)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_rds_cluster_parameter_group" "plain" {
  name_prefix = "plain-"
  family      = "aurora-mysql8.0"
}

resource "aws_cloudfront_origin_request_policy" "api" {
  name    = "exchange"
  comment = local.again ? "to the origin, again" : "to the origin"

  cookies_config {
    cookie_behavior = "whitelist"

    cookies {
      items = local.again ? ["session", "theme"] : ["session"]
    }
  }

  headers_config {
    header_behavior = "whitelist"

    headers {
      items = ["Accept", "Origin"]
    }
  }

  query_strings_config {
    query_string_behavior = "whitelist"

    query_strings {
      items = ["q", local.again ? "page" : "size"]
    }
  }
}

resource "aws_cloudfront_origin_request_policy" "all" {
  name = "exchange-all"

  cookies_config {
    cookie_behavior = "all"
  }

  headers_config {
    header_behavior = local.again ? "allViewer" : "none"
  }

  query_strings_config {
    query_string_behavior = local.again ? "none" : "all"
  }
}

resource "aws_cloudfront_response_headers_policy" "site" {
  name    = "exchange"
  comment = local.again ? "of the site, again" : "of the site"

  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = local.again ? 1200 : 600
    origin_override                  = true

    access_control_allow_headers {
      items = ["X-One", "X-Two"]
    }

    access_control_allow_methods {
      items = local.again ? ["GET", "POST"] : ["GET"]
    }

    access_control_allow_origins {
      items = ["https://example.com", "https://www.example.com"]
    }

    access_control_expose_headers {
      items = ["X-Three"]
    }
  }

  custom_headers_config {
    items {
      header   = "X-Step"
      value    = tostring(var.step)
      override = true
    }

    items {
      header   = "X-Team"
      value    = "shop"
      override = false
    }
  }

  remove_headers_config {
    items {
      header = "Server"
    }

    items {
      header = local.again ? "X-Powered-By" : "X-Version"
    }
  }

  server_timing_headers_config {
    enabled       = true
    sampling_rate = local.again ? 12.5 : 50
  }
}

resource "aws_cloudfront_response_headers_policy" "safe" {
  name = "exchange-safe"

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'self'"
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = local.again ? "DENY" : "SAMEORIGIN"
      override     = true
    }

    referrer_policy {
      referrer_policy = "same-origin"
      override        = local.again
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      preload                    = local.again
      override                   = true
    }

    xss_protection {
      protection = true
      mode_block = !local.again
      report_uri = local.again ? "https://example.com/report" : null
      override   = true
    }
  }
}
