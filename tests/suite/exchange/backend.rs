//! Where the state is, as Terraform was told.

use super::Both;
use crate::support::{Account, Folder, Proxy};
use crate::terraform;

#[test]
fn a_backend_that_terraform_was_initialised_with() {
    if !terraform::there() {
        return;
    }
    let both = Both { folder: Folder::new(), account: Account::new(), proxy: Proxy::new() };
    let block = "backend \"s3\" {\n    region = \"eu-west-1\"\n    use_path_style = true\n  }";
    let stack = format!("terraform {{\n  {block}\n}}\nresource \"terraform_data\" \"it\" {{}}\n");
    both.folder.write("main.tf", &stack);
    let key = "KTQYGzfMXGhkkvjvr4YAQvBSDUXDQfPd4fSXBJQ2XJU=";
    let rest = format!(
        "bucket = \"exchange-noted\"\nkey = \"a/terraform.tfstate\"\nencrypt = true\n\
         skip_credentials_validation = true\nskip_metadata_api_check = true\n\
         skip_requesting_account_id = true\nsse_customer_key = \"{key}\"\n"
    );
    both.folder.write("rest.tfbackend", rest);
    both.infra(&["init", "--auto-approve", "--backend-config", "rest.tfbackend"], 0);
    let missing = both.infra(&["plan"], 1);
    assert!(missing.contains("`bucket`") && missing.contains("`key`"), "{missing}");

    both.terraform(&["init", "-input=false", "-backend-config=rest.tfbackend"], 0);
    both.terraform(&["apply", "-auto-approve"], 0);
    both.infra(&["plan", "--detailed-exitcode"], 0);
    let stored = both.proxy.take().into_iter().filter(|it| it.name() == "s3:PutObject").count();
    assert!(stored > 0, "the state is not where it should be");
    // What the block says otherwise now, Terraform would ask about: so the note counts no more.
    both.folder.write("main.tf", stack.replace("eu-west-1", "eu-west-3"));
    let missing = both.infra(&["plan"], 1);
    assert!(missing.contains("`bucket`"), "{missing}");
}
