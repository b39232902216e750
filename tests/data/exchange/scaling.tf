# Groups with launch configurations, what is attached to them, and what happens at set times.

resource "aws_vpc" "scaling" {
  cidr_block = "10.78.0.0/16"
}

resource "aws_subnet" "scaling" {
  vpc_id            = aws_vpc.scaling.id
  cidr_block        = "10.78.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_security_group" "scaling" {
  name   = "scaling"
  vpc_id = aws_vpc.scaling.id
}

resource "aws_launch_configuration" "plain" {
  name_prefix   = "plain-"
  image_id      = "ami-760aaa0f"
  instance_type = local.again ? "t3.small" : "t3.micro"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_launch_configuration" "full" {
  name                        = "full-${local.anew}"
  image_id                    = "ami-760aaa0f"
  instance_type               = "t3.micro"
  key_name                    = aws_key_pair.admin.key_name
  iam_instance_profile        = aws_iam_instance_profile.server.name
  security_groups             = [aws_security_group.scaling.id]
  associate_public_ip_address = true
  ebs_optimized               = true
  enable_monitoring           = false
  placement_tenancy           = "default"
  user_data                   = "#!/bin/sh\necho ${local.anew}\n"

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  root_block_device {
    volume_size           = 20
    volume_type           = "gp3"
    iops                  = 3000
    throughput            = 125
    encrypted             = true
    delete_on_termination = false
  }

  ebs_block_device {
    device_name = "/dev/sdf"
    volume_size = 10
    volume_type = "gp2"
  }

  ephemeral_block_device {
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }
}

resource "aws_launch_configuration" "spot" {
  name                        = "spot-${local.anew}"
  image_id                    = "ami-760aaa0f"
  instance_type               = "t3.micro"
  spot_price                  = "0.05"
  associate_public_ip_address = false
  user_data_base64            = base64encode("echo ${local.anew}")

  metadata_options {
    http_endpoint = "disabled"
  }

  ebs_block_device {
    device_name = "/dev/sdg"
    no_device   = true
  }
}

resource "aws_autoscaling_group" "configured" {
  name                 = "configured"
  min_size             = 0
  max_size             = local.again ? 2 : 1
  launch_configuration = aws_launch_configuration.plain.name
  vpc_zone_identifier  = [aws_subnet.scaling.id]
}

# From a template to a launch configuration.
resource "aws_autoscaling_group" "switched" {
  name                 = "switched"
  min_size             = 0
  max_size             = 1
  launch_configuration = local.again ? aws_launch_configuration.plain.name : null
  vpc_zone_identifier  = [aws_subnet.scaling.id]

  dynamic "launch_template" {
    for_each = local.again ? [] : ["$Latest"]

    content {
      id      = aws_launch_template.server.id
      version = launch_template.value
    }
  }
}

resource "aws_lb_target_group" "scaling" {
  for_each = toset(["first", "anew"])
  name     = "scaling-${each.key}"
  vpc_id   = aws_vpc.scaling.id
  port     = 80
  protocol = "HTTP"
}

resource "aws_autoscaling_attachment" "moves" {
  autoscaling_group_name = aws_autoscaling_group.configured.name
  lb_target_group_arn    = aws_lb_target_group.scaling[local.anew].arn
}

resource "aws_autoscaling_attachment" "stays" {
  autoscaling_group_name = aws_autoscaling_group.switched.name
  lb_target_group_arn    = aws_lb_target_group.scaling["first"].arn
}

resource "aws_autoscaling_schedule" "night" {
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.configured.name
  recurrence             = local.again ? "0 21 * * *" : "0 20 * * *"
  time_zone              = "Europe/Berlin"
  min_size               = 0
  max_size               = local.again ? 2 : 1
  desired_capacity       = -1
}

resource "aws_autoscaling_schedule" "once" {
  scheduled_action_name  = "once-${local.anew}"
  autoscaling_group_name = aws_autoscaling_group.configured.name
  start_time             = "2035-01-01T08:00:00Z"
  end_time               = local.again ? "2036-01-01T08:00:00Z" : "2035-06-01T08:00:00Z"
  min_size               = -1
  max_size               = -1
  desired_capacity       = 1
}

# The name is one of the other group's, too.
resource "aws_autoscaling_schedule" "bare" {
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.switched.name
  recurrence             = "0 22 * * *"
}

resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night-${local.anew}"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  schedule           = local.again ? "cron(0 21 * * ? *)" : "cron(0 20 * * ? *)"
  timezone           = "Europe/Berlin"

  scalable_target_action {
    min_capacity = 0
    max_capacity = local.again ? 2 : 1
  }
}

resource "aws_appautoscaling_scheduled_action" "season" {
  name               = "season"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  schedule           = "rate(1 day)"
  start_time         = local.again ? "2035-02-01T08:00:00Z" : "2035-01-01T08:00:00Z"
  end_time           = local.again ? "2036-02-01T08:00:00Z" : "2036-01-01T08:00:00Z"

  scalable_target_action {
    max_capacity = 5
  }
}
