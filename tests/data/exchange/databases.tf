# Databases and caches.

resource "aws_vpc" "databases" {
  cidr_block = "10.88.0.0/16"
}

resource "aws_subnet" "databases" {
  count = 2

  vpc_id            = aws_vpc.databases.id
  cidr_block        = cidrsubnet(aws_vpc.databases.cidr_block, 8, count.index)
  availability_zone = local.zones[count.index]
}

resource "aws_db_subnet_group" "main" {
  name        = "exchange-${local.anew}"
  description = local.again ? "all of them" : "of the databases"
  subnet_ids  = aws_subnet.databases[*].id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "exchange-"
  family      = "postgres16"

  parameter {
    name  = "log_statement"
    value = local.again ? "ddl" : "all"
  }

  dynamic "parameter" {
    for_each = local.again ? [] : ["100"]

    content {
      name         = "max_connections"
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }
}

resource "aws_db_instance" "orders" {
  identifier                      = "orders-${local.anew}"
  engine                          = "postgres"
  engine_version                  = "16"
  instance_class                  = local.again ? "db.t4g.small" : "db.t4g.micro"
  allocated_storage               = 20
  max_allocated_storage           = 100
  storage_type                    = "gp3"
  storage_encrypted               = true
  db_name                         = "orders"
  username                        = "orders"
  manage_master_user_password     = true
  db_subnet_group_name            = aws_db_subnet_group.main.name
  parameter_group_name            = aws_db_parameter_group.main.name
  backup_retention_period         = local.again ? 14 : 7
  backup_window                   = "03:00-04:00"
  maintenance_window              = "Sun:04:30-Sun:05:30"
  enabled_cloudwatch_logs_exports = ["postgresql"]
  apply_immediately               = true
  skip_final_snapshot             = true

  tags = {
    step = tostring(var.step)
  }
}

resource "aws_rds_cluster" "shop" {
  cluster_identifier      = "shop-${local.anew}"
  engine                  = "aurora-postgresql"
  engine_version          = "16.4"
  database_name           = "shop"
  master_username         = "shop"
  master_password         = local.again ? "battery-staple" : "correct-horse"
  db_subnet_group_name    = aws_db_subnet_group.main.name
  backup_retention_period = local.again ? 3 : 2
  apply_immediately       = true
  skip_final_snapshot     = true

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = local.again ? 8 : 4
  }
}

resource "aws_rds_cluster_instance" "shop" {
  count = 2

  identifier         = "shop-${local.anew}-${count.index}"
  cluster_identifier = aws_rds_cluster.shop.id
  instance_class     = "db.serverless"
  engine             = aws_rds_cluster.shop.engine
  promotion_tier     = local.again ? 3 : count.index
  apply_immediately  = true
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "exchange-${local.anew}"
  subnet_ids = aws_subnet.databases[*].id

  tags = {
    step = tostring(var.step)
  }
}

resource "aws_elasticache_parameter_group" "main" {
  name   = "exchange-${local.anew}"
  family = "redis7"

  parameter {
    name  = "maxmemory-policy"
    value = local.again ? "allkeys-lfu" : "allkeys-lru"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_cluster" "sessions" {
  cluster_id        = "sessions"
  engine            = "memcached"
  node_type         = "cache.t4g.micro"
  num_cache_nodes   = local.again ? 3 : 2
  az_mode           = "cross-az"
  subnet_group_name = aws_elasticache_subnet_group.main.name
  apply_immediately = true
}

resource "aws_elasticache_cluster" "jobs" {
  cluster_id               = "jobs"
  engine                   = "redis"
  engine_version           = "7.1"
  node_type                = local.again ? "cache.t4g.small" : "cache.t4g.micro"
  num_cache_nodes          = 1
  parameter_group_name     = aws_elasticache_parameter_group.main.name
  snapshot_retention_limit = local.again ? 2 : 1
  apply_immediately        = true
}

resource "aws_elasticache_replication_group" "shop" {
  replication_group_id       = "shop"
  description                = local.again ? "the cache of the shop" : "the shop's cache"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = local.again ? 3 : 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.main.name
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = local.again ? "battery-staple-battery" : "correct-horse-correct"
  auth_token_update_strategy = "SET"
  apply_immediately          = true
}

resource "aws_elasticache_replication_group" "carts" {
  replication_group_id       = "carts"
  description                = "in shards"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_node_groups            = local.again ? 3 : 2
  replicas_per_node_group    = 1
  automatic_failover_enabled = true
  apply_immediately          = true
}
