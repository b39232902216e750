//! Everything that talks to AWS: one [`Aws`] per provider configuration, and the registry of types.

pub mod connect;
pub mod dynamodb;
pub mod ec2;
pub mod s3;
pub mod shape;
pub mod tags;

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::OnceCell;

pub use tags::TagApi;

use crate::kind::{Data, Erased, Kind};

macro_rules! all {
    ($($it:ty,)*) => {
        &[$({
            static IT: Erased<$it> = Erased::new();
            &IT
        },)*]
    };
}

/// Every resource type, sorted by Terraform name. Adding one is a file, its `mod` line and a line here.
pub static RESOURCES: &[&dyn Kind] = all![
    dynamodb::table::Table,
    s3::bucket::Bucket,
    s3::lifecycle::Lifecycle,
    s3::bucket_policy::BucketPolicy,
    s3::public_access_block::PublicAccessBlock,
    s3::encryption::BucketEncryption,
    s3::versioning::Versioning,
    ec2::security_group::SecurityGroup,
    ec2::subnet::Subnet,
    ec2::security_group_rule::Egress,
    ec2::security_group_rule::Ingress,
];

/// Every data source, sorted by Terraform name.
pub static DATA_SOURCES: &[&dyn Data] = all![];

/// One provider configuration's view of AWS: a region of an account. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    inner: Rc<Inner>,
    exact: bool,
}

struct Inner {
    config: SdkConfig,
    region: String,
    /// Path-style addresses for S3: emulators and custom endpoints need them.
    path_style: bool,
    clients: Clients,
    s3: std::cell::OnceCell<aws_sdk_s3::Client>,
    account: OnceCell<Account>,
    memo: RefCell<HashMap<String, Rc<OnceCell<Rc<dyn Any>>>>>,
}

/// Whose credentials these are.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub arn: String,
    pub user_id: String,
}

macro_rules! clients {
    ($($name:ident: $sdk:ident),* $(,)?) => {
        #[derive(Default)]
        struct Clients {
            $($name: std::cell::OnceCell<$sdk::Client>,)*
        }
        impl Aws {
            $(
                /// The service's client, made on first use.
                pub fn $name(&self) -> &$sdk::Client {
                    self.inner.clients.$name.get_or_init(|| $sdk::Client::new(&self.inner.config))
                }
            )*
        }
    };
}

clients! {
    dynamodb: aws_sdk_dynamodb,
    ec2: aws_sdk_ec2,
    ecr: aws_sdk_ecr,
    iam: aws_sdk_iam,
    logs: aws_sdk_cloudwatchlogs,
    sqs: aws_sdk_sqs,
    sts: aws_sdk_sts,
    tagging: aws_sdk_resourcegroupstagging,
}

impl Aws {
    pub fn region(&self) -> &str {
        &self.inner.region
    }

    /// `aws`, `aws-cn` or `aws-us-gov`: the first part of this region's ARNs.
    pub fn partition(&self) -> &'static str {
        partition_of(self.region())
    }

    /// `amazonaws.com`, or `amazonaws.com.cn` in China.
    pub fn dns_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }

    /// Asked once.
    pub async fn account(&self) -> Result<&Account> {
        let ask = || async {
            let it = self.sts().get_caller_identity().send().await?;
            Ok(Account {
                id: it.account.unwrap_or_default(),
                arn: it.arn.unwrap_or_default(),
                user_id: it.user_id.unwrap_or_default(),
            })
        };
        self.inner.account.get_or_try_init(ask).await
    }

    /// An ARN in this region and account, such as `arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1`.
    pub async fn arn(&self, service: &str, resource: &str) -> Result<String> {
        let account = &self.account().await?.id;
        Ok(format!("arn:{}:{service}:{}:{account}:{resource}", self.partition(), self.region()))
    }

    /// Whether reads must ask the service itself about each thing, now. Otherwise (during a refresh)
    /// they may use batch sources that lag, and share answers through [`Aws::once`].
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// The same, with [`Aws::exact`] set or not.
    pub fn exactly(&self, exact: bool) -> Aws {
        Aws { inner: self.inner.clone(), exact }
    }

    /// An answer that several reads of one refresh share: asked for once, until [`Aws::forget`].
    pub async fn once<T: 'static>(&self, what: &str, ask: impl Future<Output = Result<T>>) -> Result<Rc<T>> {
        let cell = self.inner.memo.borrow_mut().entry(what.to_owned()).or_default().clone();
        let any =
            cell.get_or_try_init(|| async { Ok::<_, Error>(Rc::new(ask.await?) as Rc<dyn Any>) }).await?;
        any.clone().downcast().map_err(|_| Error::Shape(format!("two kinds of answer for {what}")))
    }

    /// Drops what [`Aws::once`] kept: the refresh is over.
    pub fn forget(&self) {
        self.inner.memo.borrow_mut().clear();
    }
}

fn partition_of(region: &str) -> &'static str {
    match region {
        it if it.starts_with("cn-") => "aws-cn",
        it if it.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The thing asked about does not exist.
    #[error("AWS has no such thing: {message} ({code})")]
    Missing { code: String, message: String },
    #[error("{message} ({code}{})", request.as_deref().map(|it| format!(", request {it}")).unwrap_or_default())]
    Refused { code: String, message: String, request: Option<String> },
    #[error("AWS accepted the call but its answer lacks {0}")]
    Incomplete(&'static str),
    /// No answer: whether the call did anything is not known.
    #[error("no answer from AWS: {0}")]
    Unreached(String),
    #[error("the endpoint does not implement {0}")]
    Unimplemented(String),
    /// The attributes do not fit the type.
    #[error("unexpected attributes: {0}")]
    Shape(String),
    #[error("{0}")]
    Invalid(String),
}

impl Error {
    /// AWS's error code, where it gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Missing { code, .. } | Error::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
    pub fn message(&self) -> String {
        match self {
            Error::Missing { message, .. } | Error::Refused { message, .. } => message.clone(),
            other => other.to_string(),
        }
    }
    pub fn is_missing(&self) -> bool {
        matches!(self, Error::Missing { .. })
    }
}

impl<E, R> From<SdkError<E, R>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    fn from(error: SdkError<E, R>) -> Self {
        let code = error.code().map(str::to_owned);
        let message = error.message().unwrap_or_default().to_owned();
        if let Some(code) = code {
            let gone = ["NotFound", "NoSuch", "NonExistentQueue", "QueueDoesNotExist", "NotExist"];
            if gone.iter().any(|it| code.contains(it)) {
                return Error::Missing { code, message };
            }
            let request = error.meta().extra("aws_request_id").map(str::to_owned);
            return Error::Refused { code, message, request };
        }
        match &error {
            // No code at all: an emulator's page for what it does not know.
            SdkError::ServiceError(_) | SdkError::ResponseError(_) => {
                Error::Unimplemented(format!("this call, or not in full: {}", DisplayErrorContext(&error)))
            }
            _ => Error::Unreached(DisplayErrorContext(&error).to_string()),
        }
    }
}
