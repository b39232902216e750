# Caches, and a site on CloudFront, looked up again.

data "aws_elasticache_cluster" "sessions" {
  cluster_id = aws_elasticache_cluster.sessions.cluster_id
}

data "aws_elasticache_cluster" "jobs" {
  cluster_id = aws_elasticache_cluster.jobs.cluster_id
}

# The first node of a replication group.
data "aws_elasticache_cluster" "shop" {
  cluster_id = "${aws_elasticache_replication_group.shop.replication_group_id}-001"
}

data "aws_elasticache_replication_group" "shop" {
  replication_group_id = aws_elasticache_replication_group.shop.replication_group_id
}

data "aws_elasticache_replication_group" "carts" {
  replication_group_id = aws_elasticache_replication_group.carts.replication_group_id
}

data "aws_elasticache_subnet_group" "main" {
  name = aws_elasticache_subnet_group.main.name
}

data "aws_cloudfront_distribution" "site" {
  id = aws_cloudfront_distribution.site.id
}

data "aws_cloudfront_distribution" "plain" {
  id = aws_cloudfront_distribution.plain.id
}

# Whether it is in use is known once the site has it.
data "aws_cloudfront_function" "index" {
  name  = aws_cloudfront_function.index.name
  stage = "LIVE"

  depends_on = [aws_cloudfront_distribution.site]
}

data "aws_cloudfront_function" "draft" {
  name  = aws_cloudfront_function.draft.name
  stage = "DEVELOPMENT"
}

data "aws_cloudfront_origin_access_control" "site" {
  id = aws_cloudfront_origin_access_control.site.id
}

data "aws_cloudfront_origin_access_identity" "site" {
  id = aws_cloudfront_origin_access_identity.site.id
}

data "aws_cloudfront_cache_policy" "pages" {
  id = aws_cloudfront_cache_policy.pages.id
}

data "aws_cloudfront_origin_request_policy" "named" {
  name = "Managed-AllViewerExceptHostHeader"
}

data "aws_cloudfront_origin_request_policy" "numbered" {
  id = "216adef6-5c7f-47e4-b989-5492eafa07d3"
}

data "aws_cloudfront_response_headers_policy" "named" {
  name = "Managed-SecurityHeadersPolicy"
}

data "aws_cloudfront_response_headers_policy" "numbered" {
  id = "60669652-455b-4ae9-85a4-c4c02393f86c"
}
