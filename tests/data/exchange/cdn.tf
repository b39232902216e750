# A site on CloudFront. Nobody waits for it: Terraform would for a minute each time.

data "aws_cloudfront_cache_policy" "optimized" {
  name = "Managed-CachingOptimized"
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "exchange"
  description                       = local.again ? "of the bucket" : "of a bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_origin_access_identity" "site" {
  comment = local.again ? "of the bucket" : "of a bucket"
}

resource "aws_cloudfront_function" "index" {
  name    = "index-${local.anew}"
  runtime = "cloudfront-js-2.0"
  comment = "folders have an index"
  code    = "function handler(event) { return event.request; } // ${var.step}"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudfront_function" "draft" {
  name    = "draft"
  runtime = "cloudfront-js-1.0"
  code    = "function handler(event) { return event.request; }"
  publish = local.again
}

resource "aws_cloudfront_cache_policy" "pages" {
  name        = "exchange"
  comment     = local.again ? "pages, again" : "pages"
  default_ttl = 300
  max_ttl     = local.again ? 7200 : 3600

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = ["Accept-Language", "Origin"]
      }
    }

    query_strings_config {
      query_string_behavior = local.again ? "all" : "none"
    }
  }
}

resource "aws_cloudfront_distribution" "site" {
  enabled             = true
  comment             = local.again ? "the site, again" : "the site"
  aliases             = ["www.example.com", "example.com"]
  default_root_object = "index.html"
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = local.again ? "PriceClass_200" : "PriceClass_100"
  wait_for_deployment = false

  tags = {
    Name = local.again ? "site two" : "site"
  }

  origin {
    origin_id                = "files"
    domain_name              = "acme-site.s3.eu-west-1.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  origin {
    origin_id   = "old"
    domain_name = "acme-old.s3.eu-west-1.amazonaws.com"
    origin_path = "/public"

    s3_origin_config {
      origin_access_identity = aws_cloudfront_origin_access_identity.site.cloudfront_access_identity_path
    }
  }

  origin {
    origin_id           = "api"
    domain_name         = "api.example.com"
    connection_attempts = 2
    connection_timeout  = 5

    custom_header {
      name  = "X-From"
      value = local.again ? "cdn, again" : "cdn"
    }

    custom_header {
      name  = "X-Stage"
      value = "test"
    }

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      origin_read_timeout    = 60
    }

    origin_shield {
      enabled              = true
      origin_shield_region = "eu-west-1"
    }
  }

  origin_group {
    origin_id = "either"

    failover_criteria {
      status_codes = local.again ? [403, 404, 500] : [403, 404]
    }

    member {
      origin_id = "files"
    }

    member {
      origin_id = "old"
    }
  }

  default_cache_behavior {
    target_origin_id       = "either"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.pages.id
    compress               = true

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.index.arn
    }
  }

  ordered_cache_behavior {
    path_pattern           = "api/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = data.aws_cloudfront_cache_policy.optimized.id

    lambda_function_association {
      event_type   = "origin-request"
      lambda_arn   = "arn:aws:lambda:us-east-1:123456789012:function:sign:3"
      include_body = true
    }
  }

  ordered_cache_behavior {
    path_pattern           = "images/*"
    target_origin_id       = "files"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    min_ttl                = 60
    default_ttl            = local.again ? 900 : 600
    max_ttl                = 6000

    forwarded_values {
      query_string            = true
      query_string_cache_keys = ["size"]
      headers                 = ["Origin"]

      cookies {
        forward           = "whitelist"
        whitelisted_names = ["theme"]
      }
    }
  }

  custom_error_response {
    error_code            = 404
    response_code         = 404
    response_page_path    = "/404.html"
    error_caching_min_ttl = 60
  }

  custom_error_response {
    error_code            = 502
    error_caching_min_ttl = local.again ? 10 : 5
  }

  logging_config {
    bucket = "acme-logs.s3.amazonaws.com"
    prefix = "site/"
  }

  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = local.again ? ["FR", "CH"] : ["FR", "DE"]
    }
  }

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/8e7f6a5b-1111-2222-3333-444455556666"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_cloudfront_distribution" "plain" {
  enabled             = true
  staging             = var.step > 2
  wait_for_deployment = false

  origin {
    origin_id   = "it"
    domain_name = "acme-plain.s3.eu-west-1.amazonaws.com"
  }

  default_cache_behavior {
    target_origin_id       = "it"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]

    forwarded_values {
      query_string = local.again

      cookies {
        forward = "none"
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
