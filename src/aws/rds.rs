//! Relational Database Service.
