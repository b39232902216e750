use aws_sdk_ecs::types::{Container, Deployment, DeploymentRolloutState as State, ServiceEvent, Task};

use super::*;

fn deployment(id: &str, status: &str, state: State, task: &str) -> Deployment {
    let arn = format!("arn:aws:ecs:eu-west-1:1:task-definition/{task}");
    Deployment::builder().id(id).status(status).rollout_state(state).task_definition(arn).build()
}

fn service(desired: i32, running: i32, all: Vec<Deployment>) -> sdk::Service {
    let one = sdk::Service::builder().status("ACTIVE").desired_count(desired).running_count(running);
    one.set_deployments(Some(all)).build()
}

fn wants(json: serde_json::Value) -> Service {
    serde_json::from_value(json).unwrap()
}

#[test]
fn it_is_steady_when_one_deployment_has_all_its_tasks() {
    let one = || deployment("ecs-svc/1", "PRIMARY", State::Completed, "web:1");
    assert_eq!(rollout(&service(2, 2, vec![one()])), Rollout::Steady);
    assert_eq!(rollout(&service(2, 1, vec![one()])), Rollout::Going("1 of 2 tasks run".to_owned()));
    let mut new = deployment("ecs-svc/2", "PRIMARY", State::InProgress, "web:2");
    (new.desired_count, new.running_count) = (2, 1);
    let old = deployment("ecs-svc/1", "ACTIVE", State::Completed, "web:1");
    let going = rollout(&service(2, 3, vec![new, old]));
    assert_eq!(going, Rollout::Going("1 of 2 new tasks run".to_owned()));
    // CodeDeploy's.
    assert_eq!(rollout(&service(2, 2, vec![])), Rollout::Steady);
    assert_eq!(rollout(&service(2, 0, vec![])), Rollout::Going("0 of 2 tasks run".to_owned()));
}

#[test]
fn a_deployment_that_is_given_up_failed() {
    let mut one = deployment("ecs-svc/1", "PRIMARY", State::Failed, "web:1");
    one.rollout_state_reason = Some("ECS deployment circuit breaker: tasks failed to start.".to_owned());
    let failed = Rollout::Failed("ECS deployment circuit breaker: tasks failed to start.".to_owned());
    assert_eq!(rollout(&service(2, 0, vec![one])), failed);
}

#[test]
fn a_rollback_failed_for_whom_wanted_something_else() {
    let event = |text: &str| ServiceEvent::builder().message(text).build();
    let mut it = service(1, 1, vec![deployment("ecs-svc/1", "PRIMARY", State::Completed, "web:1")]);
    it.events = Some(vec![
        event("(service web) has reached a steady state."),
        event("(service web) rolling back to deployment ecs-svc/1."),
        event("(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start."),
    ]);
    let Rollout::Failed(why) = rollout(&it) else { panic!("it was rolled back") };
    assert_eq!(
        why,
        "the deployment was rolled back to `web:1`: (service web) (deployment ecs-svc/2) deployment failed: tasks failed to start."
    );
    let of = |task: &str, wait: bool| {
        wants(serde_json::json!({ "name": "web", "task_definition": task, "wait_for_steady_state": wait }))
    };
    assert!(awaits(&of("web:2", true), &why));
    assert!(awaits(&of("arn:aws:ecs:eu-west-1:1:task-definition/web:2", true), &why));
    assert!(
        !awaits(&of("arn:aws:ecs:eu-west-1:1:task-definition/web:1", true), &why),
        "that is what is wanted"
    );
    assert!(!awaits(&of("web:2", false), &why), "nobody waits");
    // The next one that comes up ends the story.
    it.deployments = Some(vec![deployment("ecs-svc/3", "PRIMARY", State::Completed, "web:3")]);
    assert_eq!(rollout(&it), Rollout::Steady);
}

#[test]
fn a_stopped_task_is_a_line() {
    let container = Container::builder().name("web").exit_code(137).build();
    let it = Task::builder()
        .task_arn("arn:aws:ecs:eu-west-1:1:task/shop/0a1b")
        .task_definition_arn("arn:aws:ecs:eu-west-1:1:task-definition/web:2")
        .stopped_reason("Essential container in task exited")
        .stopped_at(DateTime::from_secs(45_005))
        .containers(container)
        .build();
    assert_eq!(
        task(&it),
        "- 12:30:05 0a1b of web:2: Essential container in task exited (`web` ended with code 137)"
    );
}
