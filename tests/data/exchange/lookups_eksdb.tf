# Clusters, services and databases that are there already.

data "aws_eks_access_entry" "developers" {
  cluster_name  = aws_eks_access_entry.developers.cluster_name
  principal_arn = aws_eks_access_entry.developers.principal_arn
}

data "aws_eks_access_entry" "plain" {
  cluster_name  = aws_eks_access_entry.plain.cluster_name
  principal_arn = aws_eks_access_entry.plain.principal_arn
}

data "aws_eks_addon" "dns" {
  cluster_name = aws_eks_addon.dns.cluster_name
  addon_name   = aws_eks_addon.dns.addon_name
}

data "aws_eks_addon" "network" {
  cluster_name = aws_eks_addon.network.cluster_name
  addon_name   = aws_eks_addon.network.addon_name
}

data "aws_eks_node_group" "workers" {
  cluster_name    = aws_eks_node_group.workers.cluster_name
  node_group_name = aws_eks_node_group.workers.node_group_name
}

data "aws_eks_node_group" "plain" {
  cluster_name    = aws_eks_node_group.plain.cluster_name
  node_group_name = aws_eks_node_group.plain.node_group_name
}

data "aws_ecs_service" "web" {
  cluster_arn  = aws_ecs_cluster.main.arn
  service_name = aws_ecs_service.web.name
}

data "aws_ecs_service" "job" {
  cluster_arn  = aws_ecs_cluster.main.arn
  service_name = aws_ecs_service.job.name
}

# By the cluster's name.
data "aws_ecs_service" "others" {
  cluster_arn  = aws_ecs_cluster.plain.name
  service_name = aws_ecs_service.others.name
}

data "aws_db_instance" "by_name" {
  db_instance_identifier = aws_db_instance.orders.identifier
}

data "aws_db_instance" "by_id" {
  db_instance_identifier = aws_db_instance.orders.resource_id
}

data "aws_db_instance" "by_tags" {
  tags = {
    step = aws_db_instance.orders.tags.step
  }
}

data "aws_db_instance" "of_cluster" {
  db_instance_identifier = aws_rds_cluster_instance.shop[0].identifier
  tags                   = { stack = "exchange" }
}

data "aws_db_parameter_group" "main" {
  name = aws_db_parameter_group.main.name
}

data "aws_db_subnet_group" "main" {
  name = aws_db_subnet_group.main.name
}

data "aws_rds_cluster" "by_name" {
  cluster_identifier = aws_rds_cluster.shop.cluster_identifier

  depends_on = [aws_rds_cluster_instance.shop]
}

data "aws_rds_cluster" "by_arn" {
  cluster_identifier = aws_rds_cluster.shop.arn

  depends_on = [aws_rds_cluster_instance.shop]
}

data "aws_rds_cluster_parameter_group" "own" {
  name = aws_rds_cluster.shop.db_cluster_parameter_group_name
}
