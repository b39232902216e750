//! Certificates (ACM).
