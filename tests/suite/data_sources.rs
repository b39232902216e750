//! Data sources are read in the plan, unless what they depend on really changes.

use std::collections::BTreeSet;

use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = r#"
[provider.aws]
region = "eu-west-1"
[variable.v]
default = "1"
[variable.t]
default = 1
[variable.names]
type = "list(string)"
default = ["x", "y"]
[aws_sqs_queue.a]
name = "da"
visibility_timeout_seconds = "${30 + var.t}"
tags = { v = "${var.v}" }
[aws_sqs_queue.still]
name = "still"
[aws_sqs_queue.many]
for_each = "${toset(var.names)}"
name = "many-${each.key}"
[locals]
tags = "${aws_sqs_queue.a.tags}"
[data.aws_availability_zones.own]
depends_on = ["aws_sqs_queue.a"]
[data.aws_availability_zones.own_still]
depends_on = ["aws_sqs_queue.still"]
[data.aws_availability_zones.named]
filter = { name = "region-name", values = ["${aws_sqs_queue.a.tags.v == \"x\" ? \"a\" : \"eu-west-1\"}"] }
[data.aws_availability_zones.through_local]
filter = { name = "region-name", values = ["${local.tags.v == \"x\" ? \"a\" : \"eu-west-1\"}"] }
[data.aws_availability_zones.chain]
depends_on = ["data.aws_availability_zones.own"]
[data.aws_availability_zones.checked]
depends_on = ["aws_sqs_queue.still"]
lifecycle.postcondition = { condition = "${aws_sqs_queue.a.visibility_timeout_seconds > 0}", error_message = "x" }
[data.aws_availability_zones.many]
depends_on = ["aws_sqs_queue.many"]
[data.aws_availability_zones.on_module]
depends_on = ["module.q"]
[data.aws_availability_zones.on_still_module]
depends_on = ["module.n"]
[module.m]
source = "./m"
depends_on = ["aws_sqs_queue.a"]
[module.n]
source = "./m"
depends_on = ["aws_sqs_queue.still"]
[module.o]
source = "./m"
depends_on = ["module.m"]
[module.q]
source = "./q"
v = "${var.v}"
"#;

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }

    /// The data sources that a plan leaves to the apply.
    #[track_caller]
    fn left(&self, vars: &[&str]) -> BTreeSet<String> {
        let mut words = vec!["plan"];
        vars.iter().for_each(|it| words.extend(["--var", it]));
        let plan = self.infra().must(&words, 0).stdout;
        let lines = plan.lines().filter_map(|it| it.trim().strip_prefix("# "));
        let left = lines.filter_map(|it| it.strip_suffix(" will be read during apply"));
        left.map(|it| it.replace("data.aws_availability_zones.", "")).collect()
    }
}

#[track_caller]
fn same(left: BTreeSet<String>, wanted: &[&str]) {
    assert_eq!(left, wanted.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>());
}

#[test]
fn only_what_must_wait_waits() {
    let stack = Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(STACK) };
    stack.folder.write("m/stack.toml", "[data.aws_availability_zones.here]\n");
    stack.folder.write(
        "q/stack.toml",
        "[variable.v]\n[aws_sqs_queue.q]\nname = \"q\"\ntags = { v = \"${var.v}\" }\n[aws_sqs_queue.p]\nname = \"p\"\n",
    );
    same(
        stack.left(&[]),
        &[
            "own",
            "own_still",
            "named",
            "checked",
            "many",
            "on_module",
            "on_still_module",
            "module.m.here",
            "module.n.here",
            "module.o.here",
        ],
    );
    stack.infra().must(&["apply", "--auto-approve"], 0);
    same(stack.left(&[]), &[]);
    let of_a = ["own", "named", "checked", "module.m.here", "module.o.here"];
    same(stack.left(&["t=2"]), &of_a);
    same(stack.left(&["v=2"]), &[&of_a[..], &["on_module"]].concat());
    // What goes is a change, too.
    same(stack.left(&["names=[\"x\"]"]), &["many"]);
    stack.infra().must(&["destroy", "--auto-approve"], 0);
}
