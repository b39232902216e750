# A cluster, what runs in it, what scales it, and by which names it is found.

resource "aws_vpc" "containers" {
  cidr_block = "10.77.0.0/16"
}

resource "aws_subnet" "containers" {
  vpc_id     = aws_vpc.containers.id
  cidr_block = "10.77.1.0/24"
}

resource "aws_security_group" "containers" {
  name   = "containers"
  vpc_id = aws_vpc.containers.id
}

resource "aws_ecr_repository" "containers" {
  name = "exchange/containers"
}

resource "aws_ecr_lifecycle_policy" "containers" {
  repository = aws_ecr_repository.containers.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = local.anew == "anew" ? 20 : 10 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "containers" {
  repository = aws_ecr_repository.containers.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = local.again ? "fetch" : "pull", Effect = "Allow", Principal = "*", Action = "ecr:BatchGetImage" }]
  })
}

resource "aws_service_discovery_private_dns_namespace" "internal" {
  name        = "exchange.internal"
  description = local.again ? "names, again" : "names"
  vpc         = aws_vpc.containers.id
}

resource "aws_service_discovery_service" "api" {
  name = "api-${local.anew}"

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.internal.id

    dns_records {
      type = "A"
      ttl  = local.again ? 60 : 10
    }
  }

  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_ecs_cluster" "main" {
  name = "exchange"

  setting {
    name  = "containerInsights"
    value = local.again ? "disabled" : "enabled"
  }

  tags = {
    Name = "exchange"
  }
}

resource "aws_ecs_cluster" "plain" {
  name = "exchange-plain"

  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"

      log_configuration {
        cloud_watch_log_group_name = "exec"
      }
    }
  }
}

resource "aws_ecs_capacity_provider" "machines" {
  name = "exchange-${local.anew}"

  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0:autoScalingGroupName/exchange"

    managed_scaling {
      status          = "ENABLED"
      target_capacity = local.again ? 80 : 90
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", aws_ecs_capacity_provider.machines.name]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = local.again ? 50 : 100
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "exchange-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "web"
    image        = "nginx:${local.anew}"
    cpu          = 0
    portMappings = [{ containerPort = 80, name = "http" }]
    environment  = [{ name = "MODE", value = "a&b" }, { name = "LEVEL", value = "info" }]
  }])

  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }

  tags = {
    step = local.again ? "2" : "1"
  }
}

resource "aws_ecs_task_definition" "job" {
  family       = "exchange-job"
  skip_destroy = true

  container_definitions = jsonencode([{
    name        = "job"
    image       = "job"
    memory      = 128
    mountPoints = [{ sourceVolume = "data", containerPath = "/data" }]
  }])

  volume {
    name = "data"

    docker_volume_configuration {
      scope         = "shared"
      autoprovision = true
      driver        = "local"
    }
  }

  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.instance-type == t3.micro"
  }
}

resource "aws_ecs_service" "web" {
  name                   = "web"
  cluster                = aws_ecs_cluster.main.id
  task_definition        = aws_ecs_task_definition.web.arn
  desired_count          = local.again ? 3 : 2
  launch_type            = "FARGATE"
  enable_execute_command = local.again
  wait_for_steady_state  = true

  network_configuration {
    subnets         = [aws_subnet.containers.id]
    security_groups = [aws_security_group.containers.id]
  }

  service_registries {
    registry_arn = aws_service_discovery_service.api.arn
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = local.again
  }

  tags = {
    Name = "web"
  }
}

resource "aws_ecs_service" "job" {
  name                = "job"
  cluster             = aws_ecs_cluster.main.name
  task_definition     = "${aws_ecs_task_definition.job.family}:${aws_ecs_task_definition.job.revision}"
  scheduling_strategy = "DAEMON"

  placement_constraints {
    type = "distinctInstance"
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_ecs_service" "others" {
  name          = "others"
  cluster       = aws_ecs_cluster.plain.id
  desired_count = 1

  deployment_controller {
    type = "EXTERNAL"
  }
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = local.again ? 12 : 10
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu-${local.anew}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = local.again ? 50 : 60.5

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "steps" {
  name               = "steps"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 60
    metric_aggregation_type = "Maximum"

    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 10
      scaling_adjustment          = 1
    }

    step_adjustment {
      metric_interval_lower_bound = 10
      scaling_adjustment          = 2
    }
  }
}

data "aws_ecs_cluster" "main" {
  cluster_name = aws_ecs_cluster.main.name
}

data "aws_ecs_task_definition" "web" {
  task_definition = aws_ecs_task_definition.web.arn
}

output "containers" {
  value = {
    cluster  = data.aws_ecs_cluster.main.status
    revision = data.aws_ecs_task_definition.web.revision
    memory   = data.aws_ecs_task_definition.web.memory
  }
}
