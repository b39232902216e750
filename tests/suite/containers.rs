//! Services of ECS that are rolled out, and those that are not; what is checked before AWS is asked.

use serde_json::Value as Json;

use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = r#"
[provider.aws]
region = "eu-west-1"

[variable.image]
type = "string"
default = "nginx"

[variable.wait]
type = "bool"
default = true

[aws_ecs_cluster.main]
name = "shop"

[aws_ecs_task_definition.web]
family = "web"
container_definitions = '${jsonencode([{ name = "web", image = var.image, memory = 128 }])}'
lifecycle = { create_before_destroy = true }

[aws_ecs_service.web]
name = "web"
cluster = "${aws_ecs_cluster.main.id}"
task_definition = "${aws_ecs_task_definition.web.arn}"
desired_count = 1
deployment_circuit_breaker = { enable = true, rollback = true }
wait_for_steady_state = "${var.wait}"
"#;

/// The emulator has no tasks of images whose registry cannot be there.
const BROKEN: &str = "image=registry.invalid/web:1";

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(text) }
    }

    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url()).must(words, code)
    }

    /// An attribute of the only one of a type.
    fn held(&self, kind: &str, name: &str) -> Json {
        let state: Json = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        let all = state["resources"].as_array().unwrap();
        all.iter().find(|it| it["type"] == kind).unwrap()["instances"][0]["attributes"][name].clone()
    }
}

/// Lines of a note are folded as the terminal is wide.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(output: &Output, texts: &[&str]) {
    let told = flat(&output.stderr);
    for text in texts {
        assert!(told.contains(text), "no `{text}` in\n{}", output.stderr);
    }
}

#[test]
fn a_rollback_is_a_failed_apply_that_tells_why() {
    let stack = Stack::new(STACK);
    stack.run(&["apply", "--auto-approve"], 0);
    let before = stack.held("aws_ecs_service", "task_definition");
    let failed = stack.run(&["apply", "--auto-approve", "--var", BROKEN], 1);
    says(
        &failed,
        &[
            "AWS took the change, but it failed: the deployment was rolled back to `web:1`",
            "stopped tasks:",
            "of web:2: CannotPullContainerError: pull image manifest has been retried 5 time(s)",
            "events of the service, the newest first:",
            "rolling back to deployment ecs-svc/",
            "aws_ecs_service.web",
        ],
    );
    assert_eq!(stack.held("aws_ecs_service", "task_definition"), before);
    // What is wanted runs already: that is no failure, and the next one that comes up ends the story.
    stack.run(&["apply", "--auto-approve", "--var", "image=nginx:2"], 0);
    stack.run(&["plan", "--detailed-exitcode", "--var", "image=nginx:2"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn without_a_rollback_the_deployment_is_given_up() {
    let stack = Stack::new(&STACK.replace("rollback = true", "rollback = false"));
    let failed = stack.run(&["apply", "--auto-approve", "--var", BROKEN], 1);
    let reason = "AWS made it, but it failed: ECS deployment circuit breaker: tasks failed to start.";
    says(&failed, &[reason, "CannotPullContainerError", "deployment failed: tasks failed to start."]);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn nobody_waits_for_tasks_who_does_not_say_so() {
    let stack = Stack::new(STACK);
    stack.run(&["apply", "--auto-approve", "--var", "wait=false", "--var", BROKEN], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_service_that_drains_is_gone_for_a_plan_and_in_the_way_of_a_new_one() {
    let stack = Stack::new(STACK);
    stack.run(&["apply", "--auto-approve"], 0);
    stack.account.with(async |aws| {
        aws.ecs().delete_service().cluster("shop").service("web").force(true).send().await.unwrap();
    });
    let plan = stack.run(&["plan"], 0).stdout;
    assert!(plan.contains("aws_ecs_service.web will be created"), "{plan}");
    stack.proxy.take();
    stack.run(&["apply", "--auto-approve"], 0);
    let creates = stack.proxy.take().iter().filter(|it| it.operation.name == "CreateService").count();
    assert!(creates > 1, "it was not in the way");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn what_is_wrong_with_a_task_is_told_before_aws_is_asked() {
    let task = |text: &str| {
        let stack = Stack::new(&format!(
            "[provider.aws]\nregion = \"eu-west-1\"\n[aws_ecs_task_definition.web]\nfamily = \"web\"\n{text}"
        ));
        let output = stack.run(&["plan"], 1);
        assert!(stack.proxy.take().is_empty(), "AWS was asked");
        flat(&output.stderr)
    };
    let one = "container_definitions = '[{\"name\":\"web\",\"image\":\"nginx\"}]'\n";
    let fargate = format!("{one}requires_compatibilities = [\"FARGATE\"]\n");
    let sized = |cpu: &str, memory: &str| {
        task(&format!("{fargate}network_mode = \"awsvpc\"\ncpu = \"{cpu}\"\nmemory = \"{memory}\"\n"))
    };
    let told = sized("512", "512");
    assert!(told.contains("Fargate gives 1024 to 4096 of memory in steps of 1024, not `512`"), "{told}");
    let told = sized("300", "512");
    assert!(told.contains("Fargate has no processors of `300`"), "{told}");
    let told = task(&fargate);
    for text in ["need `network_mode = \"awsvpc\"`", "need `cpu`", "need `memory`"] {
        assert!(told.contains(text), "{told}");
    }
    let port = "container_definitions = '[{\"name\":\"web\",\"image\":\"x\",\"environment\":[{\"name\":\"PORT\",\"value\":8080}]}]'\n";
    let told = task(port);
    assert!(told.contains("`[0].environment[0].value` has to be text: write `\"8080\"`"), "{told}");
}
