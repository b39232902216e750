# Parts of load balancing that are there already. What is asked who uses it waits for those that do.

resource "aws_lb_target_group" "labelled" {
  name        = "exchange-labelled"
  target_type = "lambda"

  tags = {
    Name = "labelled"
  }
}

data "aws_lb_target_group" "labelled" {
  tags = {
    Name = aws_lb_target_group.labelled.tags.Name
  }
}

data "aws_lb_target_group" "function" {
  name       = aws_lb_target_group.function.name
  depends_on = [aws_lb_listener_rule.staff]

  tags = {
    stack = "exchange"
  }
}

data "aws_lb_target_group" "web" {
  arn        = aws_lb_target_group.web.arn
  depends_on = [aws_lb_listener.web, aws_lb_listener_rule.staff]
}

data "aws_lb_target_group" "edge" {
  arn        = aws_alb_target_group.edge.arn
  depends_on = [aws_alb_listener.edge]
}

data "aws_lb_listener" "web" {
  arn = aws_lb_listener.web.arn
}

data "aws_lb_listener" "edge" {
  load_balancer_arn = aws_alb_listener.edge.load_balancer_arn
  port              = aws_alb_listener.edge.port
}

data "aws_lb_listener_rule" "staff" {
  arn = aws_lb_listener_rule.staff.arn
}

data "aws_lb_listener_rule" "gone" {
  listener_arn = aws_alb_listener_rule.gone.listener_arn
  priority     = aws_alb_listener_rule.gone.priority
}
