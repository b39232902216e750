# Written for imports: review it, and move it to where it belongs.

# imported from "arn:aws:acm:eu-west-1:ACCOUNT:certificate/UUID"
resource "aws_acm_certificate" "web" {
  domain_name               = "www.example.com"
  key_algorithm             = "RSA_2048"
  private_key               = null # sensitive
  subject_alternative_names = ["example.com", "www.example.com"]
  validation_method         = "DNS"
}

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
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/edge/ID"
    type             = "forward"
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
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/web/ID"
    type             = "forward"
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
}

# imported from "ecs/service/shop/web/ecs:service:DesiredCount/cpu"
resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  resource_id        = "service/shop/web"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
  target_tracking_scaling_policy_configuration {
    target_value = 60
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# imported from "ecs/service/shop/web/ecs:service:DesiredCount"
resource "aws_appautoscaling_target" "web" {
  max_capacity       = 2
  min_capacity       = 1
  resource_id        = "service/shop/web"
  role_arn           = "arn:aws:iam::ACCOUNT:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
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
    id      = "lt-ID"
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

# imported from "web/night"
resource "aws_autoscaling_schedule" "night" {
  autoscaling_group_name = "web"
  desired_capacity       = -1
  max_size               = 2
  min_size               = 1
  recurrence             = "0 22 * * *"
  scheduled_action_name  = "night"
}

# imported from "UUID"
resource "aws_cloudfront_cache_policy" "pages" {
  default_ttl = 300
  name        = "pages"
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = true
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = ["Accept-Language"]
      }
    }
    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

# imported from "E-ID"
resource "aws_cloudfront_distribution" "site" {
  comment             = "the site"
  default_root_object = "index.html"
  enabled             = true
  tags = {
    Name = "site"
  }
  custom_error_response {
    error_code         = 404
    response_code      = 404
    response_page_path = "/404.html"
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cache_policy_id        = "UUID"
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "files"
    viewer_protocol_policy = "redirect-to-https"
    function_association {
      event_type   = "viewer-request"
      function_arn = "arn:aws:cloudfront::ACCOUNT:function/index"
    }
  }
  ordered_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    default_ttl            = 60
    max_ttl                = 600
    path_pattern           = "api/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    forwarded_values {
      query_string = true
      cookies {
        forward = "all"
      }
    }
  }
  origin {
    domain_name = "api.example.com"
    origin_id   = "api"
    custom_header {
      name  = "X-From"
      value = "cdn"
    }
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  origin {
    domain_name              = "acme-site.s3.eu-west-1.amazonaws.com"
    origin_access_control_id = "E-ID"
    origin_id                = "files"
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

# imported from "index"
resource "aws_cloudfront_function" "index" {
  code    = "function handler(event) { return event.request; }"
  comment = "folders have an index"
  name    = "index"
  runtime = "cloudfront-js-2.0"
}

# imported from "E-ID"
resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "site"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# imported from "E-ID"
resource "aws_cloudfront_origin_access_identity" "site" {
  comment = "the site's"
}

# imported from "UUID"
resource "aws_cloudfront_origin_request_policy" "api" {
  name = "api"
  cookies_config {
    cookie_behavior = "whitelist"
    cookies {
      items = ["session"]
    }
  }
  headers_config {
    header_behavior = "allViewer"
  }
  query_strings_config {
    query_string_behavior = "all"
  }
}

# imported from "UUID"
resource "aws_cloudfront_response_headers_policy" "site" {
  name = "site"
  custom_headers_config {
    items {
      header   = "X-Team"
      override = true
      value    = "shop"
    }
  }
  security_headers_config {
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
  }
}

# imported from "shop"
resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_body = jsonencode({
    widgets = [{
      height = 4
      properties = {
        markdown = "hello"
      }
      type  = "text"
      width = 4
      x     = 0
      y     = 0
    }]
  })
  dashboard_name = "shop"
}

# imported from "/acme/app"
resource "aws_cloudwatch_log_group" "app" {
  name              = "/acme/app"
  retention_in_days = 7
}

# imported from "/shop/records"
resource "aws_cloudwatch_log_group" "records" {
  name = "/shop/records"
}

# imported from "/shop/records:failures"
resource "aws_cloudwatch_log_metric_filter" "failures" {
  log_group_name = "/shop/records"
  name           = "failures"
  pattern        = "{ $.status >= 500 }"
  metric_transformation {
    default_value = "0"
    name          = "failures"
    namespace     = "shop"
    value         = "1"
  }
}

# imported from "route53"
resource "aws_cloudwatch_log_resource_policy" "route53" {
  policy_document = jsonencode({
    Statement = [{
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Effect = "Allow"
      Principal = {
        Service = "route53.amazonaws.com"
      }
      Resource = "arn:aws:logs:*:*:log-group:/aws/route53/*"
    }]
    Version = "2012-10-17"
  })
  policy_name = "route53"
}

# imported from "/shop/records:audit"
resource "aws_cloudwatch_log_stream" "audit" {
  log_group_name = "/shop/records"
  name           = "audit"
}

# imported from "age"
resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_actions       = ["arn:aws:sns:eu-west-1:ACCOUNT:orders"]
  alarm_name          = "age"
  comparison_operator = "GreaterThanThreshold"
  dimensions = {
    QueueName = "dead"
  }
  evaluation_periods = 1
  metric_name        = "ApproximateAgeOfOldestMessage"
  namespace          = "AWS/SQS"
  period             = 60
  statistic          = "Maximum"
  threshold          = 600
}

# imported from "share"
resource "aws_cloudwatch_metric_alarm" "share" {
  alarm_name          = "share"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 5
  metric_query {
    expression  = "100 * m1 / m2"
    id          = "e1"
    label       = "failed"
    return_data = true
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "HTTPCode_Target_5XX_Count"
      namespace   = "AWS/ApplicationELB"
      period      = 60
      stat        = "Sum"
    }
  }
  metric_query {
    id = "m2"
    metric {
      metric_name = "RequestCount"
      namespace   = "AWS/ApplicationELB"
      period      = 60
      stat        = "Sum"
    }
  }
}

# imported from "main"
resource "aws_db_instance" "main" {
  allocated_storage           = 20
  availability_zone           = "eu-west-1a"
  backup_target               = "region"
  backup_window               = "06:00-06:30"
  ca_cert_identifier          = "rds-ca-rsa2048-g1"
  database_insights_mode      = "standard"
  db_subnet_group_name        = "main"
  engine                      = "postgres"
  engine_lifecycle_support    = "open-source-rds-extended-support"
  engine_version              = "16.4"
  identifier                  = "main"
  instance_class              = "db.t4g.micro"
  kms_key_id                  = "arn:aws:kms:eu-west-1:ACCOUNT:key/UUID"
  license_model               = "postgresql-license"
  maintenance_window          = "sat:09:00-sat:09:30"
  manage_master_user_password = true
  network_type                = "IPV4"
  option_group_name           = "default:postgres16"
  parameter_group_name        = "main"
  password                    = null # sensitive
  port                        = 5432
  skip_final_snapshot         = true
  storage_encrypted           = true
  storage_type                = "gp2"
  username                    = "main"
  vpc_security_group_ids      = ["sg-ID"]
}

# imported from "audit"
resource "aws_db_option_group" "audit" {
  engine_name          = "mysql"
  major_engine_version = "8.0"
  name                 = "audit"
  option {
    option_name = "MARIADB_AUDIT_PLUGIN"
    option_settings {
      name  = "SERVER_AUDIT_FILE_ROTATIONS"
      value = "20"
    }
  }
}

# imported from "main"
resource "aws_db_parameter_group" "main" {
  family = "postgres16"
  name   = "main"
  parameter {
    apply_method = "pending-reboot"
    name         = "max_connections"
    value        = "100"
  }
  parameter {
    name  = "log_statement"
    value = "all"
  }
}

# imported from "main"
resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = ["subnet-ID", "subnet-ID"]
}

# imported from "vpc-ID"
resource "aws_default_route_table" "main" {
  default_route_table_id = "rtb-ID"
  route {
    cidr_block = "10.7.0.0/16"
    gateway_id = "igw-ID"
  }
}

# imported from "sg-ID"
resource "aws_default_security_group" "none" {
  vpc_id = "vpc-ID"
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
    enabled                 = true
    recovery_period_in_days = 35
  }
  ttl {
    attribute_name = "gone"
    enabled        = true
  }
}

# imported from "vol-ID"
resource "aws_ebs_volume" "store" {
  availability_zone = "eu-west-1a"
  iops              = 3000
  size              = 40
  tags = {
    Name = "store"
  }
  throughput = 200
  type       = "gp3"
}

# imported from "pl-ID"
resource "aws_ec2_managed_prefix_list" "offices" {
  address_family = "IPv4"
  max_entries    = 3
  name           = "offices"
  entry {
    cidr        = "192.0.2.0/24"
    description = "Berlin"
  }
  entry {
    cidr = "198.51.100.0/24"
  }
}

# imported from "acl-ID,Name"
resource "aws_ec2_tag" "none" {
  key         = "Name"
  resource_id = "acl-ID"
  value       = "none"
}

# imported from "acme/app"
resource "aws_ecr_lifecycle_policy" "web" {
  policy = jsonencode({
    rules = [{
      action = {
        type = "expire"
      }
      rulePriority = 1
      selection = {
        countNumber = 9
        countType   = "imageCountMoreThan"
        tagStatus   = "any"
      }
    }]
  })
  repository = "acme/app"
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

# imported from "acme/app"
resource "aws_ecr_repository_policy" "web" {
  policy = jsonencode({
    Statement = [{
      Action    = "ecr:BatchGetImage"
      Effect    = "Allow"
      Principal = "*"
    }]
    Version = "2012-10-17"
  })
  repository = "acme/app"
}

# imported from "machines"
resource "aws_ecs_capacity_provider" "machines" {
  name = "machines"
  auto_scaling_group_provider {
    auto_scaling_group_arn         = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0:autoScalingGroupName/web"
    managed_draining               = "ENABLED"
    managed_termination_protection = "DISABLED"
    managed_scaling {
      instance_warmup_period    = 300
      maximum_scaling_step_size = 10000
      minimum_scaling_step_size = 1
      status                    = "DISABLED"
      target_capacity           = 100
    }
  }
}

# imported from "shop"
resource "aws_ecs_cluster" "main" {
  name = "shop"
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

# imported from "shop"
resource "aws_ecs_cluster_capacity_providers" "main" {
  capacity_providers = ["FARGATE"]
  cluster_name       = "shop"
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

# imported from "shop/web"
resource "aws_ecs_service" "web" {
  cluster          = "arn:aws:ecs:eu-west-1:ACCOUNT:cluster/shop"
  desired_count    = 1
  launch_type      = "FARGATE"
  name             = "web"
  platform_version = "LATEST"
  propagate_tags   = "NONE"
  task_definition  = "arn:aws:ecs:eu-west-1:ACCOUNT:task-definition/web:1"
  network_configuration {
    subnets = ["subnet-ID"]
  }
}

# imported from "arn:aws:ecs:eu-west-1:ACCOUNT:task-definition/web:1"
resource "aws_ecs_task_definition" "web" {
  container_definitions    = "[{\"environment\":[],\"essential\":true,\"image\":\"nginx\",\"mountPoints\":[],\"name\":\"web\",\"portMappings\":[{\"containerPort\":80,\"hostPort\":80,\"protocol\":\"tcp\"}],\"systemControls\":[],\"volumesFrom\":[]}]"
  cpu                      = "256"
  family                   = "web"
  memory                   = "512"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
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

# imported from "shop:arn:aws:iam::ACCOUNT:role/app"
resource "aws_eks_access_entry" "developers" {
  cluster_name      = "shop"
  kubernetes_groups = ["developers"]
  principal_arn     = "arn:aws:iam::ACCOUNT:role/app"
  user_name         = "arn:aws:sts::ACCOUNT:assumed-role/app/{{SessionName}}"
}

# imported from "shop#arn:aws:iam::ACCOUNT:role/app#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
resource "aws_eks_access_policy_association" "developers" {
  cluster_name  = "shop"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  principal_arn = "arn:aws:iam::ACCOUNT:role/app"
  access_scope {
    namespaces = ["shop"]
    type       = "namespace"
  }
}

# imported from "shop:coredns"
resource "aws_eks_addon" "dns" {
  addon_name           = "coredns"
  addon_version        = "v1.12.1-eksbuild.2"
  cluster_name         = "shop"
  configuration_values = "{\"replicaCount\":2}"
}

# imported from "shop"
resource "aws_eks_cluster" "shop" {
  enabled_cluster_log_types = ["api"]
  name                      = "shop"
  role_arn                  = "arn:aws:iam::ACCOUNT:role/app"
  version                   = "1.33"
  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }
  kubernetes_network_config {
    ip_family         = "ipv4"
    service_ipv4_cidr = "10.100.0.0/16"
  }
  upgrade_policy {
    support_type = "EXTENDED"
  }
  vpc_config {
    endpoint_private_access = true
    public_access_cidrs     = ["0.0.0.0/0"]
    subnet_ids              = ["subnet-ID", "subnet-ID"]
  }
}

# imported from "shop:jobs"
resource "aws_eks_fargate_profile" "jobs" {
  cluster_name           = "shop"
  fargate_profile_name   = "jobs"
  pod_execution_role_arn = "arn:aws:iam::ACCOUNT:role/app"
  subnet_ids             = ["subnet-ID", "subnet-ID"]
  selector {
    namespace = "jobs"
  }
}

# imported from "shop:workers"
resource "aws_eks_node_group" "workers" {
  ami_type       = "AL2023_x86_64_STANDARD"
  capacity_type  = "ON_DEMAND"
  cluster_name   = "shop"
  disk_size      = 20
  instance_types = ["t3.medium"]
  labels = {
    role = "worker"
  }
  node_group_name = "workers"
  node_role_arn   = "arn:aws:iam::ACCOUNT:role/app"
  subnet_ids      = ["subnet-ID"]
  version         = "1.33"
  scaling_config {
    desired_size = 1
    max_size     = 2
    min_size     = 1
  }
  taint {
    effect = "NO_SCHEDULE"
    key    = "dedicated"
    value  = "shop"
  }
  update_config {
    max_unavailable = 1
  }
}

# imported from "shop,a-ID"
resource "aws_eks_pod_identity_association" "orders" {
  cluster_name    = "shop"
  namespace       = "shop"
  role_arn        = "arn:aws:iam::ACCOUNT:role/app"
  service_account = "orders"
}

# imported from "main"
resource "aws_elasticache_cluster" "main" {
  availability_zone    = "eu-west-1a"
  az_mode              = "single-az"
  cluster_id           = "main"
  engine               = "memcached"
  engine_version       = "1.6.22"
  ip_discovery         = "ipv4"
  maintenance_window   = "sat:09:00-sat:10:00"
  network_type         = "ipv4"
  node_type            = "cache.t4g.micro"
  num_cache_nodes      = 1
  parameter_group_name = "default.memcached1.6"
  port                 = 11211
  subnet_group_name    = "main"
}

# imported from "main"
resource "aws_elasticache_parameter_group" "main" {
  family = "redis7"
  name   = "main"
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

# imported from "group"
resource "aws_elasticache_replication_group" "main" {
  at_rest_encryption_enabled = "false"
  auth_token                 = null # sensitive
  auto_minor_version_upgrade = "true"
  cluster_mode               = "disabled"
  description                = "main"
  engine_version             = "7.1"
  ip_discovery               = "ipv4"
  maintenance_window         = "sat:09:00-sat:10:00"
  network_type               = "ipv4"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 1
  parameter_group_name       = "main"
  port                       = 6379
  replication_group_id       = "group"
  snapshot_window            = "06:00-07:00"
  subnet_group_name          = "main"
}

# imported from "main"
resource "aws_elasticache_subnet_group" "main" {
  name       = "main"
  subnet_ids = ["subnet-ID"]
}

# imported from "fl-ID"
resource "aws_flow_log" "files" {
  log_destination      = "arn:aws:s3:::acme-data-NAME"
  log_destination_type = "s3"
  log_format           = "$${version} $${account-id} $${interface-id} $${srcaddr} $${dstaddr} $${srcport} $${dstport} $${protocol} $${packets} $${bytes} $${start} $${end} $${action} $${log-status}"
  traffic_type         = "REJECT"
  vpc_id               = "vpc-ID"
}

# imported from "AKIA-ID"
resource "aws_iam_access_key" "mailer" {
  status = "Inactive"
  user   = "mailer"
}

# imported from "developers"
resource "aws_iam_group" "developers" {
  name = "developers"
  path = "/people/"
}

# imported from "app"
resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = "app"
}

# imported from "arn:aws:iam::ACCOUNT:oidc-provider/shop.example.com"
resource "aws_iam_openid_connect_provider" "shop" {
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
  url             = "shop.example.com"
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

# imported from "arn:aws:iam::ACCOUNT:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk"
resource "aws_iam_service_linked_role" "beanstalk" {
  aws_service_name = "elasticbeanstalk.amazonaws.com"
}

# imported from "arn:aws:iam::ACCOUNT:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_shop"
resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "shop"
  description      = "Scales the shop"
  tags = {
    Name = "scaling"
  }
}

# imported from "mailer"
resource "aws_iam_user" "mailer" {
  name                 = "mailer"
  path                 = "/acme/"
  permissions_boundary = "arn:aws:iam::ACCOUNT:policy/acme/read"
  tags = {
    Name = "mailer"
  }
}

# imported from "mailer:send"
resource "aws_iam_user_policy" "send" {
  name = "send"
  policy = jsonencode({
    Statement = [{
      Action   = "ses:SendRawEmail"
      Effect   = "Allow"
      Resource = "*"
    }]
    Version = "2012-10-17"
  })
  user = "mailer"
}

# imported from "mailer/arn:aws:iam::ACCOUNT:policy/acme/read"
resource "aws_iam_user_policy_attachment" "mailer" {
  policy_arn = "arn:aws:iam::ACCOUNT:policy/acme/read"
  user       = "mailer"
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

# imported from "i-ID"
resource "aws_instance" "disks" {
  ami                                  = "ami-760aaa0f"
  associate_public_ip_address          = true
  instance_initiated_shutdown_behavior = "stop"
  instance_type                        = "t3.micro"
  subnet_id                            = "subnet-ID"
  tenancy                              = "default"
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
  ebs_block_device {
    delete_on_termination = false
    device_name           = "/dev/sdf"
    encrypted             = false
    iops                  = 3000
    kms_key_id            = ""
    snapshot_id           = ""
    tags = {
      Name = "store"
    }
    tags_all = {
      Name = "store"
    }
    throughput  = 200
    volume_size = 40
    volume_type = "gp3"
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

# imported from "alias/acme/data"
resource "aws_kms_alias" "data" {
  name          = "alias/acme/data"
  target_key_id = "UUID"
}

# imported from "UUID"
resource "aws_kms_key" "data" {
  description         = "what is stored"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "key-default-1"
    Statement = [{
      Sid    = "Enable IAM User Permissions"
      Effect = "Allow"
      Principal = {
        AWS = "arn:aws:iam::ACCOUNT:root"
      }
      Action   = "kms:*"
      Resource = "*"
    }]
  })
  rotation_period_in_days = 180
}

# imported from "web"
resource "aws_launch_configuration" "web" {
  image_id      = "ami-760aaa0f"
  instance_type = "t3.micro"
  name          = "web"
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
  root_block_device {
    volume_size = 10
  }
}

# imported from "lt-ID"
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
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:ACCOUNT:targetgroup/web/ID"
    type             = "forward"
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
}

# imported from "nat-ID"
resource "aws_nat_gateway" "main" {
  allocation_id = "eipalloc-ID"
  subnet_id     = "subnet-ID"
}

# imported from "acl-ID"
resource "aws_network_acl" "web" {
  subnet_ids = ["subnet-ID"]
  vpc_id     = "vpc-ID"
  egress {
    action          = "allow"
    from_port       = 0
    ipv6_cidr_block = "::/0"
    protocol        = "-1"
    rule_no         = 100
    to_port         = 0
  }
  ingress {
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    protocol   = "6"
    rule_no    = 100
    to_port    = 443
  }
  ingress {
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 0
    icmp_code  = -1
    icmp_type  = 8
    protocol   = "1"
    rule_no    = 200
    to_port    = 0
  }
}

# imported from "eni-ID"
resource "aws_network_interface" "front" {
  description       = "front"
  private_ips       = ["10.0.1.50"]
  security_groups   = ["sg-ID"]
  source_dest_check = false
  subnet_id         = "subnet-ID"
  tags = {
    Name = "front"
  }
}

# imported from "brokers"
resource "aws_placement_group" "brokers" {
  name            = "brokers"
  partition_count = 3
  strategy        = "partition"
}

# imported from "cluster"
resource "aws_rds_cluster" "main" {
  allocated_storage               = 1
  availability_zones              = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  backup_retention_period         = 1
  cluster_identifier              = "cluster"
  database_insights_mode          = "standard"
  db_cluster_parameter_group_name = "default.aurora-postgresql16"
  db_subnet_group_name            = "main"
  engine                          = "aurora-postgresql"
  engine_lifecycle_support        = "open-source-rds-extended-support"
  engine_version                  = "16.4"
  manage_master_user_password     = true
  master_password                 = null # sensitive
  master_username                 = "main"
  network_type                    = "IPV4"
  port                            = 5432
  preferred_backup_window         = "06:00-06:30"
  preferred_maintenance_window    = "sat:09:00-sat:09:30"
  skip_final_snapshot             = true
  vpc_security_group_ids          = ["sg-ID"]
}

# imported from "of-cluster"
resource "aws_rds_cluster_instance" "main" {
  availability_zone            = "eu-west-1a"
  ca_cert_identifier           = "rds-ca-rsa2048-g1"
  cluster_identifier           = "cluster"
  db_parameter_group_name      = "default.aurora-postgresql16"
  db_subnet_group_name         = "main"
  engine                       = "aurora-postgresql"
  engine_version               = "16.4"
  identifier                   = "of-cluster"
  instance_class               = "db.r6g.large"
  preferred_backup_window      = "06:00-06:30"
  preferred_maintenance_window = "sat:09:00-sat:09:30"
}

# imported from "main"
resource "aws_rds_cluster_parameter_group" "main" {
  family = "aurora-postgresql16"
  name   = "main"
  parameter {
    name  = "log_statement"
    value = "all"
  }
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

# imported from "UUID"
resource "aws_route53_health_check" "web" {
  enable_sni        = true
  failure_threshold = 3
  fqdn              = "www.example.com"
  port              = 443
  request_interval  = 30
  type              = "HTTPS"
}

# imported from "ZONE_example.com_A"
resource "aws_route53_record" "alias" {
  name    = "example.com"
  type    = "A"
  zone_id = "ZONE"
  alias {
    evaluate_target_health = true
    name                   = "www.example.com"
    zone_id                = "ZONE"
  }
}

# imported from "ZONE_weighted.example.com_CNAME_blue_1"
resource "aws_route53_record" "blue" {
  name           = "weighted.example.com"
  records        = ["blue.example.net"]
  set_identifier = "blue_1"
  ttl            = 60
  type           = "CNAME"
  zone_id        = "ZONE"
  weighted_routing_policy {
    weight = 10
  }
}

# imported from "ZONE_www_A"
resource "aws_route53_record" "www" {
  name    = "www"
  records = ["192.0.2.1"]
  ttl     = 300
  type    = "A"
  zone_id = "ZONE"
}

# imported from "ZONE"
resource "aws_route53_zone" "inside" {
  name = "inside.internal"
  vpc {
    vpc_id     = "vpc-ID"
    vpc_region = "eu-west-1"
  }
  vpc {
    vpc_id     = "vpc-ID"
    vpc_region = "eu-west-1"
  }
}

# imported from "ZONE"
resource "aws_route53_zone" "main" {
  name = "example.com"
  tags = {
    Name = "main"
  }
}

# imported from "ZONE:vpc-ID:eu-west-1"
resource "aws_route53_zone_association" "second" {
  vpc_id     = "vpc-ID"
  vpc_region = "eu-west-1"
  zone_id    = "ZONE"
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

# imported from "acme-logs-NAME"
resource "aws_s3_bucket" "logs" {
  bucket = "acme-logs-NAME"
}

# imported from "acme-data-NAME,private"
resource "aws_s3_bucket_acl" "data" {
  acl    = "private"
  bucket = "acme-data-NAME"
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_cors_configuration" "data" {
  bucket = "acme-data-NAME"
  cors_rule {
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["https://example.com"]
    max_age_seconds = 60
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
resource "aws_s3_bucket_logging" "data" {
  bucket        = "acme-data-NAME"
  target_bucket = "acme-logs-NAME"
  target_prefix = "data/"
  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_notification" "data" {
  bucket      = "acme-data-NAME"
  eventbridge = true
}

# imported from "acme-data-NAME/pages/older.html"
resource "aws_s3_bucket_object" "older" {
  bucket                 = "acme-data-NAME"
  bucket_key_enabled     = true
  content_type           = "text/html"
  etag                   = "TOKEN"
  key                    = "pages/older.html"
  server_side_encryption = "aws:kms"
  storage_class          = "STANDARD"
  tags = {
    page = "older"
  }
}

# imported from "acme-data-NAME"
resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = "acme-data-NAME"
  rule {
    object_ownership = "BucketOwnerPreferred"
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

# imported from "acme-logs-NAME"
resource "aws_s3_bucket_policy" "logs" {
  bucket = "acme-logs-NAME"
  policy = jsonencode({
    Statement = [{
      Action = "s3:PutObject"
      Effect = "Allow"
      Principal = {
        Service = "logging.s3.amazonaws.com"
      }
      Resource = "arn:aws:s3:::acme-logs-NAME/*"
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
resource "aws_s3_bucket_replication_configuration" "data" {
  bucket = "acme-data-NAME"
  role   = "arn:aws:iam::ACCOUNT:role/app"
  rule {
    id     = "all"
    status = "Enabled"
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket        = "arn:aws:s3:::acme-logs-NAME"
      storage_class = "STANDARD_IA"
    }
    filter {
      prefix = "a/"
    }
  }
  rule {
    id       = "some"
    priority = 2
    status   = "Disabled"
    delete_marker_replication {
      status = "Disabled"
    }
    destination {
      bucket = "arn:aws:s3:::acme-logs-NAME"
    }
    filter {
      and {
        prefix = "b/"
        tags = {
          copy = "yes"
        }
      }
    }
  }
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

# imported from "acme-data-NAME"
resource "aws_s3_bucket_website_configuration" "data" {
  bucket = "acme-data-NAME"
  index_document {
    suffix = "index.html"
  }
  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }
    redirect {
      replace_key_prefix_with = "new/"
    }
  }
}

# imported from "acme-data-NAME/pages/index.html"
resource "aws_s3_object" "index" {
  bucket                 = "acme-data-NAME"
  bucket_key_enabled     = true
  content_type           = "text/html"
  etag                   = "TOKEN"
  key                    = "pages/index.html"
  server_side_encryption = "aws:kms"
  storage_class          = "STANDARD"
  tags = {
    page = "index"
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
resource "aws_security_group" "older" {
  description = "rules in the older form"
  name        = "older"
  vpc_id      = "vpc-ID"
  ingress {
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
    description = "https"
    from_port   = 443
    protocol    = "tcp"
    to_port     = 443
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

# imported from "sg-ID_ingress_tcp_443_443_10.0.0.0/8_192.168.0.0/16"
resource "aws_security_group_rule" "https" {
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
  description       = "https"
  from_port         = 443
  protocol          = "tcp"
  security_group_id = "sg-ID"
  to_port           = 443
  type              = "ingress"
}

# imported from "ns-ID:vpc-ID"
resource "aws_service_discovery_private_dns_namespace" "internal" {
  name = "acme.internal"
  vpc  = "vpc-ID"
}

# imported from "srv-ID"
resource "aws_service_discovery_service" "api" {
  name         = "api"
  namespace_id = "ns-ID"
  dns_config {
    namespace_id = "ns-ID"
    dns_records {
      ttl  = 10
      type = "A"
    }
  }
}

# imported from "arn:aws:sns:eu-west-1:ACCOUNT:guarded"
resource "aws_sns_topic" "guarded" {
  name = "guarded"
  policy = jsonencode({
    Statement = [{
      Action = "sns:Publish"
      Effect = "Allow"
      Principal = {
        Service = "events.amazonaws.com"
      }
      Resource = "arn:aws:sns:eu-west-1:ACCOUNT:guarded"
    }]
    Version = "2012-10-17"
  })
}

# imported from "arn:aws:sns:eu-west-1:ACCOUNT:orders"
resource "aws_sns_topic" "orders" {
  display_name = "Orders"
  name         = "orders"
  policy = jsonencode({
    Version = "2008-10-17"
    Id      = "__default_policy_ID"
    Statement = [{
      Effect = "Allow"
      Sid    = "__default_statement_ID"
      Principal = {
        AWS = "*"
      }
      Action   = ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"]
      Resource = "arn:aws:sns:eu-west-1:ACCOUNT:orders"
      Condition = {
        StringEquals = {
          "AWS:SourceOwner" = "ACCOUNT"
        }
      }
    }]
  })
}

# imported from "arn:aws:sns:eu-west-1:ACCOUNT:guarded"
resource "aws_sns_topic_policy" "guarded" {
  arn = "arn:aws:sns:eu-west-1:ACCOUNT:guarded"
  policy = jsonencode({
    Statement = [{
      Action = "sns:Publish"
      Effect = "Allow"
      Principal = {
        Service = "events.amazonaws.com"
      }
      Resource = "arn:aws:sns:eu-west-1:ACCOUNT:guarded"
    }]
    Version = "2012-10-17"
  })
}

# imported from "arn:aws:sns:eu-west-1:ACCOUNT:orders:UUID"
resource "aws_sns_topic_subscription" "tasks" {
  endpoint = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
  filter_policy = jsonencode({
    kind = ["placed"]
  })
  filter_policy_scope = "MessageAttributes"
  protocol            = "sqs"
  topic_arn           = "arn:aws:sns:eu-west-1:ACCOUNT:orders"
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

# imported from "http://HOST/ACCOUNT/failing"
resource "aws_sqs_queue" "failing" {
  kms_data_key_reuse_period_seconds = 300
  name                              = "failing"
  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
    maxReceiveCount     = 4
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

# imported from "http://HOST/ACCOUNT/failing"
resource "aws_sqs_queue_redrive_policy" "failing" {
  queue_url = "http://HOST/ACCOUNT/failing"
  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:ACCOUNT:dead"
    maxReceiveCount     = 4
  })
}

# imported from "subnet-ID"
resource "aws_subnet" "a" {
  availability_zone                   = "eu-west-1a"
  cidr_block                          = "10.0.1.0/24"
  map_public_ip_on_launch             = true
  private_dns_hostname_type_on_launch = "ip-name"
  vpc_id                              = "vpc-ID"
}

# imported from "subnet-ID"
resource "aws_subnet" "b" {
  availability_zone                   = "eu-west-1b"
  cidr_block                          = "10.0.2.0/24"
  private_dns_hostname_type_on_launch = "ip-name"
  vpc_id                              = "vpc-ID"
}

# imported from "/dev/sdf:vol-ID:i-ID"
resource "aws_volume_attachment" "store" {
  device_name = "/dev/sdf"
  instance_id = "i-ID"
  volume_id   = "vol-ID"
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

# imported from "vpc-ID"
resource "aws_vpc" "office" {
  cidr_block = "10.1.0.0/16"
}

# imported from "vpc-ID"
resource "aws_vpc" "second" {
  cidr_block = "10.9.0.0/16"
}

# imported from "dopt-ID"
resource "aws_vpc_dhcp_options" "main" {
  domain_name         = "acme.internal"
  domain_name_servers = ["AmazonProvidedDNS"]
}

# imported from "vpce-ID"
resource "aws_vpc_endpoint" "logs" {
  ip_address_type = "ipv4"
  policy = jsonencode({
    Version = "2008-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
    }]
  })
  security_group_ids = ["sg-ID"]
  service_name       = "com.amazonaws.eu-west-1.logs"
  subnet_ids         = ["subnet-ID"]
  vpc_endpoint_type  = "Interface"
  vpc_id             = "vpc-ID"
  dns_options {
    dns_record_ip_type = "ipv4"
  }
}

# imported from "vpce-ID"
resource "aws_vpc_endpoint" "s3" {
  ip_address_type = "ipv4"
  policy = jsonencode({
    Version = "2008-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
    }]
  })
  route_table_ids = ["rtb-ID"]
  service_name    = "com.amazonaws.eu-west-1.s3"
  vpc_id          = "vpc-ID"
  dns_options {
    dns_record_ip_type = "service-defined"
  }
}

# imported from "pcx-ID"
resource "aws_vpc_peering_connection" "office" {
  peer_owner_id = "ACCOUNT"
  peer_region   = "eu-west-1"
  peer_vpc_id   = "vpc-ID"
  tags = {
    Name = "office"
  }
  vpc_id = "vpc-ID"
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
