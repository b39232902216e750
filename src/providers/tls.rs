//! The provider `tls`: keys, certificate requests and certificates.

pub mod cert;
pub mod cert_request;
pub mod certificate;
mod der;
mod key;
pub mod locally_signed_cert;
mod name;
mod pem;
pub mod private_key;
pub mod public_key;
mod rsa;
pub mod self_signed_cert;
mod ssh;
mod x509;
