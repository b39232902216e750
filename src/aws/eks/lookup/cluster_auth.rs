use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Result};
use crate::resource::*;

/// A token for a cluster's API, of whoever runs this: it is good for a quarter of an hour. EKS itself is not
/// asked, and it is made anew in each plan.
///
/// ```toml
/// [data.aws_eks_cluster_auth.shop]
/// name = "${aws_eks_cluster.shop.name}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterAuth {
    /// The cluster's name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The cluster's name.
    pub id: Computed<String>,
    /// The token. Never printed.
    pub token: Secret<Computed<Option<String>>>,
}

/// What a cluster knows such tokens by.
const PREFIX: &str = "k8s-aws-v1.";
/// The header that says which cluster the token is for.
const CLUSTER: &str = "x-k8s-aws-id";
/// For how many seconds the address may be asked; the cluster lets the token itself live for longer.
const SECONDS: u32 = 60;

impl DataSource for ClusterAuth {
    const TYPE: &'static str = "aws_eks_cluster_auth";
    const READS: Reads = Reads::of(&[], "a token is made of the credentials: nobody is asked");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let url = aws.identity_address((CLUSTER, &self.name), SECONDS).await?;
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(url));
        Ok(ClusterAuth {
            id: Computed(self.name.clone()),
            token: Secret(Computed(Some(token))),
            name: self.name,
        })
    }
}
