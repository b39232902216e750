# A cluster and everything that belongs to one.

resource "aws_vpc" "cluster" {
  cidr_block = "10.64.0.0/16"
}

resource "aws_subnet" "cluster" {
  count             = 2
  vpc_id            = aws_vpc.cluster.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(aws_vpc.cluster.cidr_block, 8, count.index)
}

resource "aws_security_group" "cluster" {
  name   = "exchange-cluster"
  vpc_id = aws_vpc.cluster.id
}

resource "aws_iam_role" "cluster" {
  name               = "exchange-cluster"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_eks_cluster" "shop" {
  name                      = "exchange"
  version                   = local.again ? "1.33" : "1.32"
  role_arn                  = aws_iam_role.cluster.arn
  enabled_cluster_log_types = local.again ? ["api", "audit", "scheduler"] : ["api"]

  access_config {
    authentication_mode                         = local.again ? "API" : "API_AND_CONFIG_MAP"
    bootstrap_cluster_creator_admin_permissions = false
  }

  kubernetes_network_config {
    service_ipv4_cidr = "172.20.0.0/16"
  }

  upgrade_policy {
    support_type = "STANDARD"
  }

  vpc_config {
    subnet_ids              = aws_subnet.cluster[*].id
    security_group_ids      = [aws_security_group.cluster.id]
    endpoint_private_access = local.again
  }

  tags = {
    Name = "shop"
  }
}

# Nothing that could be left out.
resource "aws_eks_cluster" "plain" {
  name     = "exchange-plain"
  role_arn = aws_iam_role.cluster.arn

  vpc_config {
    subnet_ids = aws_subnet.cluster[*].id
  }
}

resource "aws_iam_openid_connect_provider" "shop" {
  url            = aws_eks_cluster.shop.identity[0].oidc[0].issuer
  client_id_list = local.again ? ["sts.amazonaws.com", "shop"] : ["sts.amazonaws.com"]

  tags = {
    Name = "shop"
  }
}

resource "aws_iam_openid_connect_provider" "other" {
  url             = "https://${local.anew}.example.com/path"
  client_id_list  = ["other"]
  thumbprint_list = ["cf23df2207d99a74fbe169e3eba035e633b65d94"]
}

resource "aws_eks_node_group" "workers" {
  cluster_name    = aws_eks_cluster.shop.name
  node_group_name = "workers-${local.anew}"
  node_role_arn   = aws_iam_role.cluster.arn
  subnet_ids      = aws_subnet.cluster[*].id
  instance_types  = ["m7g.large", "m6g.large"]
  ami_type        = "AL2023_ARM_64_STANDARD"

  labels = {
    role = local.again ? "worker" : "node"
  }

  scaling_config {
    min_size     = 1
    desired_size = local.again ? 3 : 2
    max_size     = 4
  }

  taint {
    key    = "dedicated"
    value  = local.again ? "shop" : "all"
    effect = "NO_SCHEDULE"
  }

  update_config {
    max_unavailable = 1
  }

  tags = {
    Name = "workers"
  }
}

resource "aws_eks_node_group" "plain" {
  cluster_name           = aws_eks_cluster.plain.name
  node_group_name_prefix = "plain-"
  node_role_arn          = aws_iam_role.cluster.arn
  subnet_ids             = aws_subnet.cluster[*].id

  scaling_config {
    min_size     = 0
    desired_size = 0
    max_size     = 1
  }
}

resource "aws_eks_fargate_profile" "jobs" {
  cluster_name           = aws_eks_cluster.shop.name
  fargate_profile_name   = "jobs-${local.anew}"
  pod_execution_role_arn = aws_iam_role.cluster.arn
  subnet_ids             = aws_subnet.cluster[*].id

  selector {
    namespace = "jobs"
  }

  selector {
    namespace = "default"

    labels = {
      on = "fargate"
    }
  }

  tags = {
    step = local.again ? "again" : "first"
  }
}

resource "aws_eks_addon" "dns" {
  cluster_name                = aws_eks_cluster.shop.name
  addon_name                  = "coredns"
  addon_version               = local.again ? "v1.12.1-eksbuild.2" : "v1.11.4-eksbuild.2"
  configuration_values        = jsonencode({ replicaCount = local.again ? 3 : 2 })
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "PRESERVE"
}

resource "aws_eks_addon" "network" {
  cluster_name = aws_eks_cluster.shop.name
  addon_name   = "vpc-cni"

  pod_identity_association {
    role_arn        = aws_iam_role.cluster.arn
    service_account = local.again ? "aws-node-again" : "aws-node"
  }
}

resource "aws_eks_access_entry" "developers" {
  cluster_name      = aws_eks_cluster.shop.name
  principal_arn     = "arn:aws:iam::123456789012:user/${local.anew}"
  kubernetes_groups = local.again ? ["developers", "viewers"] : ["developers"]

  tags = {
    Name = "developers"
  }
}

resource "aws_eks_access_entry" "plain" {
  cluster_name  = aws_eks_cluster.shop.name
  principal_arn = aws_iam_role.cluster.arn
}

resource "aws_eks_access_policy_association" "developers" {
  cluster_name  = aws_eks_cluster.shop.name
  principal_arn = aws_eks_access_entry.developers.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"

  access_scope {
    type       = "namespace"
    namespaces = ["shop", "jobs"]
  }
}

resource "aws_eks_access_policy_association" "plain" {
  cluster_name  = aws_eks_cluster.shop.name
  principal_arn = aws_eks_access_entry.plain.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

  access_scope {
    type = "cluster"
  }
}

resource "aws_eks_pod_identity_association" "orders" {
  cluster_name    = aws_eks_cluster.shop.name
  namespace       = "shop"
  service_account = "orders-${local.anew}"
  role_arn        = aws_iam_role.cluster.arn

  tags = {
    step = local.again ? "again" : "first"
  }
}

data "aws_eks_cluster" "plain" {
  name = aws_eks_cluster.plain.name
}

data "aws_eks_cluster_auth" "plain" {
  name = aws_eks_cluster.plain.name
}
