# Machines, templates and groups that are there already.

data "aws_instance" "by_id" {
  instance_id = aws_instance.plain.id
}

data "aws_instance" "by_filter" {
  filter {
    name   = "instance-id"
    values = [aws_instance.plain.id]
  }

  filter {
    name   = "instance-state-name"
    values = ["running", "stopped"]
  }
}

data "aws_instance" "by_tags" {
  instance_tags = aws_instance.server.tags
  get_user_data = true

  filter {
    name   = "instance-id"
    values = [aws_instance.server.id]
  }
}

data "aws_launch_template" "by_id" {
  id = aws_launch_template.server.id
}

data "aws_launch_template" "by_name" {
  name = aws_launch_template.server.name
}

data "aws_launch_template" "by_filter" {
  filter {
    name   = "launch-template-name"
    values = [aws_launch_template.server.name]
  }
}

data "aws_autoscaling_group" "servers" {
  name = aws_autoscaling_group.servers.name
}

data "aws_autoscaling_group" "mixed" {
  name = aws_autoscaling_group.mixed.name
}
