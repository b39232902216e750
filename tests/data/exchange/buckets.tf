# What is set about a bucket, and what is put into it.

resource "aws_s3_bucket" "site" {
  bucket = "exchange-site-${data.aws_caller_identity.me.account_id}"
}

resource "aws_s3_bucket_ownership_controls" "site" {
  bucket = aws_s3_bucket.site.id

  rule {
    object_ownership = local.again ? "ObjectWriter" : "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "site" {
  bucket = aws_s3_bucket_ownership_controls.site.bucket
  acl    = local.again ? "public-read" : "private"
}

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id

  index_document {
    suffix = local.again ? "start.html" : "index.html"
  }

  error_document {
    key = "404.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }

    redirect {
      http_redirect_code      = "302"
      replace_key_prefix_with = "new/"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "site" {
  bucket = aws_s3_bucket.site.id

  cors_rule {
    id              = "read"
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["*"]
    max_age_seconds = local.again ? 600 : 300
  }

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["https://example.com"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
  }
}

resource "aws_s3_bucket_notification" "site" {
  bucket      = aws_s3_bucket.site.id
  eventbridge = local.again

  queue {
    queue_arn     = "arn:aws:sqs:eu-west-1:${data.aws_caller_identity.me.account_id}:news"
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = local.again ? "inbox/" : "in/"
    filter_suffix = ".jpg"
  }

  topic {
    id        = "gone"
    topic_arn = "arn:aws:sns:eu-west-1:${data.aws_caller_identity.me.account_id}:news"
    events    = ["s3:ObjectRemoved:*"]
  }
}

resource "aws_s3_object" "index" {
  bucket        = aws_s3_bucket.site.id
  key           = "index.html"
  content       = "<h1>Step ${var.step}</h1>"
  content_type  = "text/html"
  cache_control = "max-age=60"

  metadata = {
    author = "somebody"
  }

  tags = {
    page = local.again ? "start" : "index"
  }
}

resource "aws_s3_object" "named" {
  bucket             = aws_s3_bucket.site.id
  key                = "named-${local.anew}"
  content_base64     = "AAEC/w=="
  storage_class      = local.again ? "ONEZONE_IA" : "STANDARD_IA"
  checksum_algorithm = "SHA256"

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

resource "aws_s3_object" "redirect" {
  bucket           = aws_s3_bucket.site.id
  key              = "/old//page.html"
  website_redirect = local.again ? "/start.html" : "/index.html"
}
