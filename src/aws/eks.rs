//! Elastic Kubernetes Service.
