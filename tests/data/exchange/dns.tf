# A domain with records, a health check, and a certificate that is proved by a record.

resource "aws_route53_zone" "main" {
  name          = "exchange.example.com"
  comment       = local.again ? "again" : "first"
  force_destroy = true

  tags = {
    Name = "main"
  }
}

resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "WWW"
  type    = "A"
  ttl     = local.again ? 60 : 300
  records = ["192.0.2.2", "192.0.2.1"]
}

resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "exchange.example.com."
  type    = "TXT"
  ttl     = 300
  records = ["v=spf1 -all", "a\" \"b"]
}

resource "aws_route53_record" "star" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "*.exchange.example.com"
  type    = "A"

  alias {
    name                   = "WWW.exchange.example.com."
    zone_id                = aws_route53_zone.main.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "weighted" {
  for_each = {
    blue  = 90
    green = 10
  }

  zone_id         = aws_route53_zone.main.zone_id
  name            = "weighted"
  type            = "A"
  ttl             = 60
  records         = ["192.0.2.${each.value}"]
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.web.id

  weighted_routing_policy {
    weight = local.again ? each.value + 1 : each.value
  }
}

resource "aws_route53_health_check" "web" {
  type              = "HTTPS"
  fqdn              = "www.exchange.example.com"
  port              = 443
  resource_path     = local.again ? "/again" : "/"
  request_interval  = local.anew == "anew" ? 10 : 30
  failure_threshold = 3

  tags = {
    Name = "web"
  }
}

resource "aws_acm_certificate" "web" {
  domain_name               = "exchange.example.com"
  subject_alternative_names = ["www.exchange.example.com", "*.exchange.example.com"]
  validation_method         = "DNS"

  tags = {
    Name = local.again ? "again" : "web"
  }
}

resource "aws_route53_record" "proof" {
  for_each = {
    for it in aws_acm_certificate.web.domain_validation_options : it.domain_name => it
    if !startswith(it.domain_name, "*")
  }

  zone_id         = aws_route53_zone.main.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  ttl             = 60
  records         = [each.value.resource_record_value]
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "web" {
  certificate_arn         = aws_acm_certificate.web.arn
  validation_record_fqdns = [for it in aws_route53_record.proof : it.fqdn]
}

data "aws_route53_zone" "main" {
  zone_id = aws_route53_zone.main.zone_id
}

data "aws_acm_certificate" "web" {
  domain      = "exchange.example.com"
  most_recent = true
  depends_on  = [aws_acm_certificate_validation.web]
}
