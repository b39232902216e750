# Load balancing, by both names of each type. Certificates of IAM: none has to be there.

locals {
  elb_certificate = "arn:aws:iam::123456789012:server-certificate/exchange"
}

resource "aws_vpc" "elb" {
  cidr_block = "10.77.0.0/16"
}

resource "aws_subnet" "elb" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.elb.id
  cidr_block        = "10.77.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_lb" "web" {
  name                 = "exchange-web"
  internal             = true
  subnets              = [for it in aws_subnet.elb : it.id]
  idle_timeout         = local.again ? 90 : 60
  preserve_host_header = local.again

  access_logs {
    bucket  = "exchange-logs"
    prefix  = "web"
    enabled = true
  }

  tags = {
    Name = "web"
  }
}

resource "aws_alb" "edge" {
  name               = "exchange-edge-${local.anew}"
  load_balancer_type = "network"
  internal           = true

  dynamic "subnet_mapping" {
    for_each = aws_subnet.elb
    content {
      subnet_id            = subnet_mapping.value.id
      private_ipv4_address = cidrhost(subnet_mapping.value.cidr_block, 20)
    }
  }
}

resource "aws_lb_target_group" "web" {
  name_prefix          = "web-"
  vpc_id               = aws_vpc.elb.id
  port                 = local.anew == "anew" ? 8081 : 8080
  protocol             = "HTTP"
  target_type          = "ip"
  deregistration_delay = local.again ? 30 : 300

  health_check {
    path    = "/health"
    matcher = local.again ? "200-299" : "200"
  }

  stickiness {
    type    = "lb_cookie"
    enabled = local.again
  }

  tags = {
    Name = "web"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "function" {
  name        = "exchange-function"
  target_type = "lambda"
}

resource "aws_alb_target_group" "edge" {
  name     = "exchange-edge-${local.anew}"
  vpc_id   = aws_vpc.elb.id
  port     = 5432
  protocol = "TCP"

  health_check {
    protocol = "TCP"
    interval = local.again ? 20 : 10
  }
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = "10.77.1.30"
}

resource "aws_alb_target_group_attachment" "edge" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = "10.77.1.31"
  port             = 5433
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = local.elb_certificate

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }

  tags = {
    Name = "web"
  }
}

resource "aws_alb_listener" "edge" {
  load_balancer_arn = aws_alb.edge.arn
  port              = 5432
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.edge.arn
  }
}

resource "aws_lb_listener_certificate" "shop" {
  listener_arn    = aws_lb_listener.web.arn
  certificate_arn = "${local.elb_certificate}-${local.anew}"
}

resource "aws_alb_listener_certificate" "other" {
  listener_arn    = aws_lb_listener.web.arn
  certificate_arn = "${local.elb_certificate}-other"
}

resource "aws_lb_listener_rule" "staff" {
  listener_arn = aws_lb_listener.web.arn
  priority     = local.again ? 5 : 10

  condition {
    path_pattern {
      values = ["/staff/*", "/intern/*"]
    }
  }

  condition {
    source_ip {
      values = ["192.0.2.0/24"]
    }
  }

  action {
    type = "authenticate-oidc"

    authenticate_oidc {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/me"
      client_id              = "staff"
      client_secret          = local.again ? "test-2" : "test"
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.web.arn
        weight = 9
      }

      target_group {
        arn = aws_lb_target_group.function.arn
      }

      stickiness {
        enabled  = true
        duration = local.again ? 600 : 300
      }
    }
  }

  tags = {
    Name = "staff"
  }
}

resource "aws_alb_listener_rule" "gone" {
  listener_arn = aws_lb_listener.web.arn
  depends_on   = [aws_lb_listener_rule.staff]

  condition {
    host_header {
      values = ["old.example.com"]
    }
  }

  condition {
    query_string {
      value = "old"
    }

    query_string {
      key   = "v"
      value = "1"
    }
  }

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = local.again ? "gone" : "moved"
      status_code  = "410"
    }
  }
}

data "aws_lb" "web" {
  arn = aws_lb.web.arn
}

data "aws_alb" "edge" {
  name = aws_alb.edge.name
}
