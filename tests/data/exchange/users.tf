# Users, their policies and keys, groups.

resource "aws_iam_policy" "limit" {
  name = "exchange-limit"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}

# Loses its limit, and moves.
resource "aws_iam_user" "mailer" {
  name                 = "exchange-mailer"
  path                 = local.again ? "/exchange/mail/" : "/exchange/"
  permissions_boundary = local.again ? null : aws_iam_policy.limit.arn
  force_destroy        = true

  tags = {
    Name = local.again ? "mailer two" : "mailer"
  }
}

# Gets a limit and another name.
resource "aws_iam_user" "renamed" {
  name                 = local.again ? "exchange-robert" : "exchange-bob"
  permissions_boundary = local.again ? aws_iam_policy.limit.arn : null
  force_destroy        = local.again

  # Terraform looks for tags under the new name before there is one.
  tags = { Name = "bob" }
}

resource "aws_iam_user" "plain" {
  name = "exchange-plain"
}

resource "aws_iam_user_policy" "send" {
  name = "send-${local.anew}"
  user = aws_iam_user.mailer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = local.again ? ["ses:SendEmail", "ses:SendRawEmail"] : ["ses:SendRawEmail"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_user_policy" "made_up" {
  name_prefix = "made-up-"
  user        = aws_iam_user.plain.name
  policy      = aws_iam_policy.limit.policy
}

resource "aws_iam_user_policy" "unnamed" {
  user   = aws_iam_user.plain.name
  policy = aws_iam_policy.limit.policy
}

resource "aws_iam_user_policy_attachment" "read" {
  user       = aws_iam_user.mailer.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_policy_attachment" "audit" {
  user       = aws_iam_user.plain.name
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}

# Belongs to somebody else in the end.
resource "aws_iam_access_key" "mailer" {
  user   = local.anew == "anew" ? aws_iam_user.plain.name : aws_iam_user.mailer.name
  status = local.again ? "Inactive" : "Active"
}

resource "aws_iam_access_key" "spare" {
  user   = aws_iam_user.plain.name
  status = local.again ? "Active" : "Inactive"
}

resource "aws_iam_group" "staff" {
  name = local.again ? "exchange-people" : "exchange-staff"
  path = local.anew == "anew" ? "/people/" : "/staff/"
}

resource "aws_iam_group" "plain" {
  name = "exchange-plain"
}

output "smtp" {
  value     = aws_iam_access_key.mailer.ses_smtp_password_v4
  sensitive = true
}

data "aws_iam_user" "plain" {
  user_name = aws_iam_user.plain.name
}

data "aws_iam_group" "plain" {
  group_name = aws_iam_group.plain.name
}
