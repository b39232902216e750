# Values that are sensitive by schema, and values that are kept nowhere.


resource "aws_ssm_parameter" "setting" {
  for_each = {
    level  = "info"
    colour = "green"
  }

  name        = "/exchange/${each.key}"
  type        = "String"
  value       = local.again ? upper(each.value) : each.value
  description = "of ${each.key}"
}

resource "aws_ssm_parameter" "open" {
  name           = "/exchange/open-${local.anew}"
  type           = "StringList"
  insecure_value = "a,b"
  tier           = "Advanced"

  tags = {
    Name = "open"
  }
}

resource "aws_ssm_parameter" "hidden" {
  name             = "/exchange/hidden"
  type             = "SecureString"
  value_wo         = var.secret
  value_wo_version = local.again ? 2 : 1
}

resource "aws_secretsmanager_secret" "database" {
  name                    = "exchange/database"
  description             = local.again ? "the database's, again" : "the database's"
  recovery_window_in_days = 0

  tags = {
    Name = "database"
  }
}

resource "aws_secretsmanager_secret" "plain" {
  name_prefix             = "exchange-plain-"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id                = aws_secretsmanager_secret.database.id
  secret_string_wo         = var.secret
  secret_string_wo_version = local.again ? 2 : 1
}

resource "aws_secretsmanager_secret_version" "plain" {
  secret_id     = aws_secretsmanager_secret.plain.id
  secret_string = jsonencode({ user = "u", password = local.anew })
}
