//! Data sources say what Terraform's say of things that no stack has made.

use aws_sdk_ec2::types::NewDhcpConfiguration;
use aws_sdk_iam::types::Tag;

use super::{Both, looked_up};
use crate::support::{Account, Folder, Infra};

const STACK: &str = r#"
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

data "aws_iam_user" "ann" {
  user_name = "ann"
}

data "aws_iam_group" "staff" {
  group_name = "staff"
}

data "aws_vpc_dhcp_options" "office" {
  filter {
    name   = "key"
    values = ["domain-name"]
  }
  filter {
    name   = "value"
    values = ["office.example.com"]
  }
}

data "aws_vpc_peering_connection" "both" {
  status = "pending-acceptance"
}
"#;

/// Makes what the data sources find.
fn make(account: &Account) {
    account.with(async |aws| {
        let label = Tag::builder().key("team").value("platform").build().unwrap();
        aws.iam().create_user().user_name("ann").path("/staff/").tags(label).send().await.unwrap();
        aws.iam().create_group().group_name("staff").path("/staff/").send().await.unwrap();
        aws.iam().add_user_to_group().user_name("ann").group_name("staff").send().await.unwrap();
        let option = |key: &str, values: &[&str]| {
            let values = values.iter().map(|it| (*it).to_owned()).collect();
            NewDhcpConfiguration::builder().key(key).set_values(Some(values)).build()
        };
        let options = aws
            .ec2()
            .create_dhcp_options()
            .dhcp_configurations(option("domain-name", &["office.example.com"]))
            .dhcp_configurations(option("domain-name-servers", &["10.0.0.2", "10.0.0.3"]));
        options.send().await.unwrap();
        let mut vpcs = Vec::new();
        for range in ["10.1.0.0/16", "10.2.0.0/16"] {
            let made = aws.ec2().create_vpc().cidr_block(range).send().await.unwrap();
            vpcs.push(made.vpc.unwrap().vpc_id.unwrap());
        }
        let peering = aws.ec2().create_vpc_peering_connection().vpc_id(&vpcs[0]).peer_vpc_id(&vpcs[1]);
        peering.send().await.unwrap();
    });
}

#[test]
fn what_is_looked_up_is_what_terraform_finds() {
    let folder = Folder::new();
    folder.write("main.tf", STACK);
    let Some(both) = Both::of(folder) else { return };
    make(&both.account);
    both.terraform(&["apply", "-auto-approve"], 0);
    let theirs = looked_up(&both.state());
    let ours = Folder::new();
    ours.write("main.tf", STACK);
    Infra::new(ours.path(), &both.account, &both.proxy.url()).must(&["apply", "--auto-approve"], 0);
    let ours = looked_up(&ours.read("terraform.tfstate"));
    let wrong: Vec<String> = theirs
        .iter()
        .filter(|it| ours.get(it.0) != Some(it.1))
        .map(|(at, theirs)| format!("{at}: Terraform says {theirs}, we say {:?}", ours.get(at)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ours.len(), theirs.len());
}
