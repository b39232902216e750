//! Simple Notification Service.
