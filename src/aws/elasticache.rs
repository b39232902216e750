//! ElastiCache.
