# Logs of what is asked of buckets, copies of their objects, objects by their older name, and a zone that answers
# within more than one network.

resource "aws_s3_bucket" "logs" {
  bucket = "exchange-logs-${data.aws_caller_identity.me.account_id}"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}

resource "aws_s3_bucket" "copies" {
  for_each = toset(["from", "older", "to"])

  bucket = "exchange-copies-${each.key}-${data.aws_caller_identity.me.account_id}"
}

resource "aws_s3_bucket_versioning" "copies" {
  for_each = aws_s3_bucket.copies

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "plain" {
  bucket        = aws_s3_bucket.copies["older"].id
  target_bucket = aws_s3_bucket_policy.logs.bucket
  target_prefix = local.again ? "again/" : "older/"
}

resource "aws_s3_bucket_logging" "partitioned" {
  bucket        = aws_s3_bucket.copies["from"].id
  target_bucket = aws_s3_bucket_policy.logs.bucket
  target_prefix = "from/"

  target_object_key_format {
    partitioned_prefix {
      partition_date_source = local.again ? "DeliveryTime" : "EventTime"
    }
  }
}

resource "aws_s3_bucket_logging" "granted" {
  bucket                = aws_s3_bucket.copies["to"].id
  expected_bucket_owner = data.aws_caller_identity.me.account_id
  target_bucket         = aws_s3_bucket_policy.logs.bucket
  target_prefix         = ""

  target_grant {
    permission = local.again ? "FULL_CONTROL" : "READ"

    grantee {
      type = "Group"
      uri  = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
    }
  }

  target_grant {
    permission = "WRITE"

    grantee {
      type = "CanonicalUser"
      id   = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
    }
  }

  target_object_key_format {
    simple_prefix {}
  }
}

resource "aws_s3_bucket_replication_configuration" "newer" {
  bucket     = aws_s3_bucket_versioning.copies["from"].bucket
  role       = local.again ? aws_iam_role.inline.arn : aws_iam_role.app.arn
  token      = local.again ? "another" : "one"
  depends_on = [aws_s3_bucket_versioning.copies]

  rule {
    id       = "all"
    priority = 1
    status   = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket        = aws_s3_bucket.copies["to"].arn
      storage_class = local.again ? "ONEZONE_IA" : "STANDARD_IA"

      metrics {
        status = "Enabled"

        event_threshold {
          minutes = 15
        }
      }

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }
    }
  }

  rule {
    id       = "some"
    priority = local.again ? 5 : 2
    status   = local.again ? "Disabled" : "Enabled"

    filter {
      and {
        prefix = "a/"

        tags = {
          copy = "yes"
          kind = "a"
        }
      }
    }

    delete_marker_replication {
      status = "Disabled"
    }

    existing_object_replication {
      status = "Enabled"
    }

    source_selection_criteria {
      replica_modifications {
        status = "Enabled"
      }

      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket  = aws_s3_bucket.copies["to"].arn
      account = data.aws_caller_identity.me.account_id

      access_control_translation {
        owner = "Destination"
      }

      encryption_configuration {
        replica_kms_key_id = aws_kms_key.data.arn
      }
    }
  }

  # S3 makes a name for it.
  rule {
    priority = 3
    status   = "Enabled"

    filter {
      tag {
        key   = "copy"
        value = local.again ? "no" : "yes"
      }
    }

    delete_marker_replication {
      status = "Disabled"
    }

    destination {
      bucket = aws_s3_bucket.copies["to"].arn

      metrics {
        status = "Disabled"
      }
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "older" {
  bucket     = aws_s3_bucket_versioning.copies["older"].bucket
  role       = aws_iam_role.app.arn
  depends_on = [aws_s3_bucket_versioning.copies]

  rule {
    id     = "older"
    prefix = local.again ? "b/" : "a/"
    status = "Enabled"

    destination {
      bucket = aws_s3_bucket.copies["to"].arn
    }
  }
}

resource "aws_s3_bucket_object" "page" {
  bucket              = aws_s3_bucket_ownership_controls.site.bucket
  key                 = "older-${local.anew}.html"
  content             = "<h1>Step ${var.step}</h1>"
  content_type        = "text/html"
  content_disposition = "inline"
  content_language    = "en"
  cache_control       = "max-age=60"

  metadata = {
    author = "somebody"
  }

  tags = {
    page = local.again ? "again" : "first"
  }
}

resource "aws_s3_bucket_object" "listed" {
  bucket           = aws_s3_bucket_ownership_controls.site.bucket
  key              = "/older//listed"
  acl              = local.again ? "public-read" : "private"
  content_base64   = "AAEC/w=="
  storage_class    = "STANDARD_IA"
  website_redirect = "/index.html"
}

resource "aws_vpc" "inside" {
  count = 3

  cidr_block = "10.${96 + count.index}.0.0/16"
}

resource "aws_route53_zone" "inside" {
  name = "${local.anew}.exchange.internal"

  vpc {
    vpc_id = aws_vpc.inside[0].id
  }

  lifecycle {
    ignore_changes = [vpc]
  }
}

resource "aws_route53_zone_association" "second" {
  zone_id = aws_route53_zone.inside.zone_id
  vpc_id  = aws_vpc.inside[1].id
}

resource "aws_route53_zone_association" "third" {
  zone_id    = aws_route53_zone.inside.zone_id
  vpc_id     = aws_vpc.inside[2].id
  vpc_region = "eu-west-1"

  timeouts {
    create = "20m"
  }
}
