# Written for imports: review it, and move it to where it belongs.

# imported from "web"
resource "aws_autoscaling_group" "web" {
  default_cooldown    = 300
  health_check_type   = "EC2"
  max_size            = 2
  min_size            = 0
  name                = "web"
  vpc_zone_identifier = ["subnet-ID"]
  launch_template {
    id      = "lt-84bb3e89fad256a2c"
    version = "1"
  }
  tag {
    key                 = "Name"
    propagate_at_launch = true
    value               = "web"
  }
}

# imported from "web/more"
resource "aws_autoscaling_policy" "more" {
  adjustment_type        = "ChangeInCapacity"
  autoscaling_group_name = "web"
  name                   = "more"
  scaling_adjustment     = 1
# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:loadbalancer/net/edge/ID"
resource "aws_alb" "edge" {
  internal           = true
  ip_address_type    = "ipv4"
  load_balancer_type = "network"
  name               = "edge"
  subnets            = ["subnet-ID"]
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/net/edge/ID/ID"
resource "aws_alb_listener" "edge" {
  certificate_arn   = "arn:aws:iam::123456789012:server-certificate/edge"
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:loadbalancer/net/edge/ID"
  port              = 5432
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-2016-08"
  default_action {
    type = "forward"
    forward {
      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/edge/ID"
      }
    }
  }
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/net/edge/ID/ID_arn:aws:iam::123456789012:server-certificate/shop"
resource "aws_alb_listener_certificate" "edge" {
  certificate_arn = "arn:aws:iam::123456789012:server-certificate/shop"
  listener_arn    = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/net/edge/ID/ID"
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener-rule/app/web/ID/ID/ID"
resource "aws_alb_listener_rule" "two" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/app/web/ID/ID"
  priority     = 20
  action {
    type = "forward"
    forward {
      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/web/ID"
      }
    }
  }
  condition {
    http_request_method {
      values = ["PUT"]
    }
  }
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/edge/ID"
resource "aws_alb_target_group" "edge" {
  ip_address_type                   = "ipv4"
  load_balancing_cross_zone_enabled = "use_load_balancer_configuration"
  name                              = "edge"
  port                              = 5432
  preserve_client_ip                = "true"
  protocol                          = "TCP"
  vpc_id                            = "vpc-ID"
  health_check {
    protocol = "TCP"
    timeout  = 10
  }
  stickiness {
    cookie_duration = 0
    cookie_name     = ""
    enabled         = false
    type            = "source_ip"
  }
  target_group_health {
    dns_failover {
      minimum_healthy_targets_count = "1"
    }
  }

# imported from "web"
resource "aws_autoscaling_group" "web" {
  default_cooldown    = 300
  health_check_type   = "EC2"
  max_size            = 2
  min_size            = 0
  name                = "web"
  vpc_zone_identifier = ["subnet-ID"]
  launch_template {
    id      = "lt-84bb3e89fad256a2c"
    version = "1"
  }
  tag {
    key                 = "Name"
    propagate_at_launch = true
    value               = "web"
  }
}

# imported from "web/more"
resource "aws_autoscaling_policy" "more" {
  adjustment_type        = "ChangeInCapacity"
  autoscaling_group_name = "web"
  name                   = "more"
  scaling_adjustment     = 1
}

# imported from "/acme/app"
resource "aws_cloudwatch_log_group" "app" {
  name              = "/acme/app"
  retention_in_days = 7
}

# imported from "counted"
resource "aws_dynamodb_table" "counted" {
  hash_key       = "id"
  name           = "counted"
  read_capacity  = 2
  write_capacity = 1
  attribute {
    name = "id"
    type = "S"
  }
}

# imported from "orders"
resource "aws_dynamodb_table" "orders" {
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  name             = "orders"
  range_key        = "at"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "kind"
    type = "S"
  }
  global_secondary_index {
    hash_key           = "kind"
    name               = "by-kind"
    non_key_attributes = ["at"]
    projection_type    = "INCLUDE"
  }
  point_in_time_recovery {
    enabled = true
  }
  ttl {
    attribute_name = "gone"
    enabled        = true
  }
}

# imported from "acme/app"
resource "aws_ecr_repository" "app" {
  image_tag_mutability = "IMMUTABLE"
  name                 = "acme/app"
  tags = {
    "a b" = "$${c}"
  }
  image_scanning_configuration {
    scan_on_push = true
  }
}

# imported from "eipalloc-ID"
resource "aws_eip" "nat" {
  domain            = "vpc"
  network_interface = "eni-ID"
}

# imported from "eipalloc-ID"
resource "aws_eip" "spare" {
  domain = "vpc"
  tags = {
    Name = "spare"
  }
}

# imported from "app"
resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = "app"
}

# imported from "arn:aws:iam::ACCOUNT:policy/acme/read"
resource "aws_iam_policy" "read" {
  description = "reads"
  name        = "read"
  path        = "/acme/"
  policy = jsonencode({
    Statement = [{
      Action   = "s3:GetObject"
      Effect   = "Allow"
      Resource = "arn:aws:s3:::acme/$${aws:username}/*"
    }]
    Version = "2012-10-17"
  })
}

# imported from "app"
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Statement = [{
      Action = "sts:AssumeRole"
      Effect = "Allow"
      Principal = {
        Service = "ec2.amazonaws.com"
      }
    }]
    Version = "2012-10-17"
  })
  max_session_duration = 7200
  name                 = "app"
}

# imported from "app:inline"
resource "aws_iam_role_policy" "inline" {
  name = "inline"
  policy = jsonencode({
    Statement = [{
      Action = ["sqs:SendMessage", "sqs:ReceiveMessage"]
      Condition = {
        StringEquals = {
          "aws:RequestedRegion" = "eu-west-1"
        }
      }
      Effect   = "Allow"
      Resource = "*"
    }]
    Version = "2012-10-17"
  })
  role = "app"
}

# imported from "app/arn:aws:iam::ACCOUNT:policy/acme/read"
resource "aws_iam_role_policy_attachment" "read" {
  policy_arn = "arn:aws:iam::ACCOUNT:policy/acme/read"
  role       = "app"
}

# imported from "i-ID"
resource "aws_instance" "bastion" {
  ami                                  = "ami-760aaa0f"
  associate_public_ip_address          = true
  instance_initiated_shutdown_behavior = "stop"
  instance_type                        = "t3.micro"
  subnet_id                            = "subnet-ID"
  tags = {
    Name = "bastion"
  }
  tenancy = "default"
  capacity_reservation_specification {
    capacity_reservation_preference = "open"
  }
  cpu_options {
    core_count       = 1
    threads_per_core = 2
  }
  credit_specification {
    cpu_credits = "unlimited"
  }
  maintenance_options {
    auto_recovery = "default"
  }
  metadata_options {
    http_put_response_hop_limit = 1
    http_tokens                 = "optional"
    instance_metadata_tags      = "disabled"
  }
  private_dns_name_options {
    hostname_type = "ip-name"
  }
  root_block_device {
    volume_size = 8
    volume_type = "gp2"
  }
}

# imported from "igw-ID"
resource "aws_internet_gateway" "main" {
  vpc_id = "vpc-ID"
}

# imported from "admin"
resource "aws_key_pair" "admin" {
  key_name   = "admin"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFwCyYV9b2ujXk0wHEeZ0gz6mE0k1o0tZkA7s1b1S3pN admin"
}

# imported from "lt-84bb3e89fad256a2c"
resource "aws_launch_template" "web" {
  image_id      = "ami-760aaa0f"
  instance_type = "t3.micro"
  name          = "web"
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:loadbalancer/app/web/ID"
resource "aws_lb" "web" {
  enable_cross_zone_load_balancing = true
  idle_timeout                     = 120
  internal                         = true
  ip_address_type                  = "ipv4"
  name                             = "web"
  subnets                          = ["subnet-ID"]
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/app/web/ID/ID"
resource "aws_lb_listener" "web" {
  certificate_arn                                                       = "arn:aws:iam::123456789012:server-certificate/web"
  load_balancer_arn                                                     = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:loadbalancer/app/web/ID"
  port                                                                  = 443
  protocol                                                              = "HTTPS"
  routing_http_request_x_amzn_mtls_clientcert_header_name               = "X-Amzn-Mtls-Clientcert"
  routing_http_request_x_amzn_mtls_clientcert_issuer_header_name        = "X-Amzn-Mtls-Clientcert-Issuer"
  routing_http_request_x_amzn_mtls_clientcert_leaf_header_name          = "X-Amzn-Mtls-Clientcert-Leaf"
  routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name = "X-Amzn-Mtls-Clientcert-Serial-Number"
  routing_http_request_x_amzn_mtls_clientcert_subject_header_name       = "X-Amzn-Mtls-Clientcert-Subject"
  routing_http_request_x_amzn_mtls_clientcert_validity_header_name      = "X-Amzn-Mtls-Clientcert-Validity"
  routing_http_request_x_amzn_tls_cipher_suite_header_name              = "X-Amzn-Tls-Cipher-Suite"
  routing_http_request_x_amzn_tls_version_header_name                   = "X-Amzn-Tls-Version"
  routing_http_response_server_enabled                                  = true
  ssl_policy                                                            = "ELBSecurityPolicy-2016-08"
  default_action {
    type = "forward"
    forward {
      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/web/ID"
      }
    }
  }
  mutual_authentication {
    mode = "off"
  }
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/app/web/ID/ID_arn:aws:iam::123456789012:server-certificate/shop"
resource "aws_lb_listener_certificate" "web" {
  certificate_arn = "arn:aws:iam::123456789012:server-certificate/shop"
  listener_arn    = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/app/web/ID/ID"
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener-rule/app/web/ID/ID/ID"
resource "aws_lb_listener_rule" "web" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:listener/app/web/ID/ID"
  priority     = 10
  action {
    type = "redirect"
    redirect {
      path        = "/"
      status_code = "HTTP_302"
    }
  }
  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
  condition {
    source_ip {
      values = ["192.0.2.0/24"]
    }
  }
}

# imported from "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/web/ID"
resource "aws_lb_target_group" "web" {
  ip_address_type                   = "ipv4"
  load_balancing_algorithm_type     = "round_robin"
  load_balancing_anomaly_mitigation = "off"
  load_balancing_cross_zone_enabled = "use_load_balancer_configuration"
  name                              = "web"
  port                              = 8080
  protocol                          = "HTTP"
  protocol_version                  = "HTTP1"
  target_type                       = "ip"
  vpc_id                            = "vpc-ID"
  health_check {
    matcher = "200"
    path    = "/health"
    timeout = 5
  }
  stickiness {
    cookie_duration = 86400
    cookie_name     = ""
    enabled         = false
    type            = "lb_cookie"
  }
  target_group_health {
    dns_failover {
      minimum_healthy_targets_count = "1"
    }
  }
}

# imported from "nat-ID"
resource "aws_nat_gateway" "main" {
  allocation_id = "eipalloc-ID"
  subnet_id     = "subnet-ID"
}

# imported from "rtb-ID_10.9.0.0/16"
resource "aws_route" "four" {
  destination_cidr_block = "10.9.0.0/16"
  gateway_id             = "igw-ID"
  route_table_id         = "rtb-ID"
}

# imported from "rtb-ID_2001:db8::/32"
resource "aws_route" "six" {
  destination_ipv6_cidr_block = "2001:db8::/32"
  gateway_id                  = "igw-ID"
  route_table_id              = "rtb-ID"
}

# imported from "rtb-ID"
resource "aws_route_table" "bare" {
  vpc_id = "vpc-ID"
  route {
    cidr_block = "10.9.0.0/16"
    gateway_id = "igw-ID"
  }
  route {
    gateway_id      = "igw-ID"
    ipv6_cidr_block = "2001:db8::/32"
  }
}

# imported from "rtb-ID"
resource "aws_route_table" "inline" {
  vpc_id = "vpc-ID"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "igw-ID"
  }
}

# imported from "subnet-ID/rtb-ID"
resource "aws_route_table_association" "subnet" {
  route_table_id = "rtb-ID"
  subnet_id      = "subnet-ID"
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket" "data" {
  bucket = "acme-data-NAME"
  tags = {
    a = "b"
  }
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket                                 = "acme-data-NAME"
  transition_default_minimum_object_size = "all_storage_classes_128K"
  rule {
    id     = "old"
    status = "Enabled"
    expiration {
      days = 30
    }
    filter {
      prefix = "tmp/"
    }
  }
  rule {
    id     = "cold"
    status = "Enabled"
    filter {
    }
    transition {
      days          = 60
      storage_class = "GLACIER"
    }
  }
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_policy" "data" {
  bucket = "acme-data-NAME"
  policy = jsonencode({
    Statement = [{
      Action    = "s3:GetObject"
      Effect    = "Allow"
      Principal = "*"
      Resource  = "arn:aws:s3:::acme-data-NAME/*"
    }]
    Version = "2012-10-17"
  })
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_public_access_block" "data" {
  block_public_acls  = true
  bucket             = "acme-data-NAME"
  ignore_public_acls = true
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = "acme-data-NAME"
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_versioning" "data" {
  bucket = "acme-data-NAME"
  versioning_configuration {
    status = "Enabled"
  }
}

# imported from "arn:aws:secretsmanager:eu-west-1:ACCOUNT:secret:database-RANDOM"
resource "aws_secretsmanager_secret" "database" {
  name = "database"
}

# imported from "sg-ID"
resource "aws_security_group" "bare" {
  name   = "bare-NAME"
  vpc_id = "vpc-ID"
  egress {
    from_port       = 0
    protocol        = "-1"
    security_groups = ["sg-ID"]
    to_port         = 0
  }
  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    description = "http"
    from_port   = 80
    protocol    = "tcp"
    to_port     = 80
  }
}

# imported from "sg-ID"
resource "aws_security_group" "web" {
  description = "web servers"
  name        = "web"
  tags = {
    Name = "web"
  }
  vpc_id = "vpc-ID"
  egress {
    cidr_blocks = ["0.0.0.0/0"]
    from_port   = 0
    protocol    = "-1"
    to_port     = 0
  }
  ingress {
    cidr_blocks = ["0.0.0.0/0"]
    from_port   = 80
    protocol    = "tcp"
    to_port     = 80
  }
  ingress {
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
    description = "https"
    from_port   = 443
    protocol    = "tcp"
    to_port     = 443
  }
}

# imported from "http://HOST/ACCOUNT/dead"
resource "aws_sqs_queue" "dead" {
  kms_data_key_reuse_period_seconds = 300
  name                              = "dead"
  policy = jsonencode({
    Statement = [{
      Action    = "sqs:SendMessage"
      Effect    = "Allow"
      Principal = "*"
      Resource  = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
    }]
    Version = "2012-10-17"
  })
  sqs_managed_sse_enabled = true
}

# imported from "http://HOST/ACCOUNT/retried"
resource "aws_sqs_queue" "retried" {
  kms_data_key_reuse_period_seconds = 300
  name                              = "retried"
  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
    maxReceiveCount     = 4
  })
  sqs_managed_sse_enabled = true
}

# imported from "http://HOST/ACCOUNT/tasks.fifo"
resource "aws_sqs_queue" "tasks" {
  content_based_deduplication       = true
  deduplication_scope               = "queue"
  fifo_queue                        = true
  fifo_throughput_limit             = "perQueue"
  kms_data_key_reuse_period_seconds = 300
  name                              = "tasks.fifo"
  sqs_managed_sse_enabled           = true
  visibility_timeout_seconds        = 60
}

# imported from "http://HOST/ACCOUNT/dead"
resource "aws_sqs_queue_policy" "dead" {
  policy = jsonencode({
    Statement = [{
      Action    = "sqs:SendMessage"
      Effect    = "Allow"
      Principal = "*"
      Resource  = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
    }]
    Version = "2012-10-17"
  })
  queue_url = "http://HOST/ACCOUNT/dead"
}

# imported from "subnet-ID"
resource "aws_subnet" "a" {
  availability_zone                   = "eu-west-1a"
  cidr_block                          = "10.0.1.0/24"
  map_public_ip_on_launch             = true
  private_dns_hostname_type_on_launch = "ip-name"
  vpc_id                              = "vpc-ID"
}

# imported from "vpc-ID"
resource "aws_vpc" "main" {
  assign_generated_ipv6_cidr_block = true
  cidr_block                       = "10.0.0.0/16"
  enable_dns_hostnames             = true
  tags = {
    Name = "main"
  }
}

# imported from "sgr-ID"
resource "aws_vpc_security_group_egress_rule" "all" {
  ip_protocol                  = "-1"
  referenced_security_group_id = "sg-ID"
  security_group_id            = "sg-ID"
}

# imported from "sgr-ID"
resource "aws_vpc_security_group_ingress_rule" "http" {
  cidr_ipv4         = "10.0.0.0/8"
  description       = "http"
  from_port         = 80
  ip_protocol       = "tcp"
  security_group_id = "sg-ID"
  to_port           = 80
}
