//! From a provider configuration to clients.
