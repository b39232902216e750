//! Cloud Map (service discovery).
