# Machines, and what launches them.

resource "aws_vpc" "servers" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "servers" {
  vpc_id            = aws_vpc.servers.id
  cidr_block        = "10.20.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_security_group" "servers" {
  name   = "servers"
  vpc_id = aws_vpc.servers.id
}

resource "aws_key_pair" "admin" {
  key_name   = "admin-${local.anew}"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFwCyYV9b2ujXk0wHEeZ0gz6mE0k1o0tZkA7s1b1S3pN admin@example.com"

  tags = {
    step = var.step
  }
}

resource "aws_iam_role" "server" {
  name               = "exchange-server"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_instance_profile" "server" {
  name = "exchange-server-${local.anew}"
  path = "/exchange/"
  role = aws_iam_role.server.name

  tags = {
    step = var.step
  }
}

resource "aws_launch_template" "server" {
  name                   = "exchange-server"
  image_id               = "ami-760aaa0f"
  instance_type          = local.again ? "t3.small" : "t3.micro"
  key_name               = aws_key_pair.admin.key_name
  vpc_security_group_ids = [aws_security_group.servers.id]
  user_data              = base64encode("#!/bin/sh\necho ${var.step}\n")
  update_default_version = true
  ebs_optimized          = true

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 12
      volume_type           = "gp3"
      delete_on_termination = true
      encrypted             = true
    }
  }

  iam_instance_profile {
    arn = aws_iam_instance_profile.server.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  monitoring {
    enabled = local.again
  }

  tag_specifications {
    resource_type = "instance"
    tags = {
      Name = "server"
    }
  }
}

resource "aws_instance" "server" {
  ami                         = "ami-760aaa0f"
  instance_type               = local.again ? "t3.small" : "t3.micro"
  subnet_id                   = aws_subnet.servers.id
  vpc_security_group_ids      = [aws_security_group.servers.id]
  key_name                    = aws_key_pair.admin.key_name
  iam_instance_profile        = aws_iam_instance_profile.server.name
  user_data                   = "#!/bin/sh\necho ${local.anew}\n"
  user_data_replace_on_change = true

  metadata_options {
    http_tokens = local.again ? "required" : "optional"
  }

  root_block_device {
    volume_size = local.again ? 30 : 20
    volume_type = "gp3"
  }

  tags = {
    Name = "server ${var.step}"
  }
}

resource "aws_instance" "plain" {
  ami           = "ami-760aaa0f"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.servers.id
}

resource "aws_autoscaling_group" "servers" {
  name_prefix               = "servers-"
  min_size                  = local.again ? 1 : 0
  max_size                  = 3
  vpc_zone_identifier       = [aws_subnet.servers.id]
  health_check_grace_period = 60
  termination_policies      = ["OldestInstance"]
  enabled_metrics           = local.again ? ["GroupMinSize", "GroupMaxSize"] : ["GroupMinSize"]

  launch_template {
    id      = aws_launch_template.server.id
    version = aws_launch_template.server.latest_version
  }

  tag {
    key                 = "Name"
    value               = "server ${var.step}"
    propagate_at_launch = true
  }

  tag {
    key                 = "team"
    value               = "platform"
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_group" "mixed" {
  name                = "mixed-${local.anew}"
  min_size            = 0
  max_size            = local.again ? 2 : 1
  vpc_zone_identifier = [aws_subnet.servers.id]

  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 1
      on_demand_percentage_above_base_capacity = local.again ? 50 : 25
      spot_allocation_strategy                 = "capacity-optimized"
    }

    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.server.id
        version            = "$Latest"
      }

      override {
        instance_type     = "t3.micro"
        weighted_capacity = "1"
      }

      override {
        instance_type     = "t3.small"
        weighted_capacity = "2"
      }
    }
  }
}

resource "aws_autoscaling_policy" "simple" {
  name                   = "simple-${local.anew}"
  autoscaling_group_name = aws_autoscaling_group.servers.name
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = local.again ? 2 : 1
  cooldown               = 120
}

resource "aws_autoscaling_policy" "steps" {
  name                    = "steps"
  autoscaling_group_name  = aws_autoscaling_group.servers.name
  policy_type             = "StepScaling"
  adjustment_type         = "PercentChangeInCapacity"
  metric_aggregation_type = "Average"

  step_adjustment {
    metric_interval_lower_bound = 0
    metric_interval_upper_bound = 20
    scaling_adjustment          = 10
  }

  step_adjustment {
    metric_interval_lower_bound = 20
    scaling_adjustment          = local.again ? 30 : 20
  }
}

resource "aws_autoscaling_policy" "target" {
  name                   = "target"
  autoscaling_group_name = aws_autoscaling_group.servers.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = local.again ? 50.5 : 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
