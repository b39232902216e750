//! What each kind of answer, and each kind of silence, makes a client do.

use std::time::{Duration, Instant};

use infra::aws::connect::Settings;
use infra::aws::{self, Aws, Error};

use super::stage::{NAMED, Stage};
use crate::support::fault::{Fate, Faults, Rule, When};
use crate::support::forms;
use crate::support::operation::Operation;
use crate::support::{Account, Folder, Infra, Proxy};

/// One call that changes something, to each kind of service.
const CALLS: [&str; 6] = ["ec2", "iam", "sqs", "dynamodb", "s3", "logs"];

async fn call(aws: &Aws, service: &str, account: &str) -> Result<(), Error> {
    let name = format!("it-{account}");
    match service {
        "ec2" => drop(aws.ec2().allocate_address().send().await?),
        "iam" => drop(aws.iam().tag_role().role_name("no-such").tags(tag()).send().await?),
        "sqs" => drop(aws.sqs().create_queue().queue_name(name).send().await?),
        "dynamodb" => drop(aws.dynamodb().delete_table().table_name("no-such").send().await?),
        "s3" => drop(aws.s3().delete_bucket_policy().bucket(name).send().await?),
        _ => drop(aws.logs().delete_log_group().log_group_name("no-such").send().await?),
    }
    Ok(())
}

fn tag() -> aws_sdk_iam::types::Tag {
    aws_sdk_iam::types::Tag::builder().key("a").value("b").build().unwrap()
}

/// An account, the way to it, and clients that are made once.
struct Field {
    account: Account,
    proxy: Proxy,
    runtime: tokio::runtime::Runtime,
    aws: Aws,
}

impl Field {
    fn new() -> Field {
        let (account, proxy) = (Account::new(), Proxy::new());
        let settings = Settings { max_attempts: Some(4), ..account.settings(&proxy.url()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let aws = runtime.block_on(Aws::connect(&settings)).unwrap();
        Field { account, proxy, runtime, aws }
    }

    /// Makes the call while this happens to it once; gives what came of it, and how often it was made.
    fn after(&self, fate: Fate, service: &str, which: u64, once: bool) -> (Result<(), Error>, usize) {
        let rules = vec![Rule::once(fate, |_| true)];
        self.proxy.set(Faults { rules, seed: which, varied: which > 0, ..Faults::default() });
        self.proxy.take();
        let call = call(&self.aws, service, &self.account.id);
        let answer = self.runtime.block_on(async { if once { aws::once(call).await } else { call.await } });
        (answer, self.proxy.take().len())
    }
}

/// AWS answered the call itself: with a yes, or that there is no such thing.
fn arrived(answer: &Result<(), Error>) -> bool {
    answer.as_ref().is_ok() || answer.as_ref().is_err_and(Error::is_missing)
}

#[test]
fn what_is_too_fast_is_sent_again_even_once() {
    let field = Field::new();
    for service in CALLS {
        for which in 0..4 {
            let (answer, calls) = field.after(Fate::Throttled, service, which, true);
            assert!(arrived(&answer), "{service} {which}: {answer:?}");
            assert_eq!(calls, 2, "{service} {which}");
        }
    }
}

#[test]
fn what_may_have_been_done_is_not_sent_again_once() {
    let fates =
        [Fate::Broken, Fate::Bare, Fate::BrokenAfter, Fate::LostRequest, Fate::LostReply, Fate::CutBody];
    let field = Field::new();
    for service in CALLS {
        for fate in fates {
            // Answers without a body are whole as soon as they begin.
            if fate == Fate::CutBody && service == "s3" {
                continue;
            }
            let (answer, calls) = field.after(fate, service, 0, true);
            assert!(matches!(answer, Err(Error::Unreached(_))), "{service} {fate:?}: {answer:?}");
            assert_eq!(calls, 1, "{service} {fate:?}");
            let (answer, calls) = field.after(fate, service, 0, false);
            assert!(arrived(&answer), "{service} {fate:?}: {answer:?}");
            assert_eq!(calls, 2, "{service} {fate:?}");
        }
    }
}

#[test]
fn a_service_that_stays_silent_is_given_up() {
    let stage = Stage::new(NAMED);
    let rules = vec![
        Rule::once(Fate::Silent(When::AfterItActed), |it| it.name == "CreateRole"),
        Rule::once(Fate::Silent(When::BeforeItActs), |it| it.name == "CreateTable"),
        Rule::once(Fate::Silent(When::BeforeItActs), |it| it.name == "DescribeTable"),
    ];
    stage.proxy.set(Faults { rules, ..Faults::default() });
    let began = Instant::now();
    let infra = stage.infra().env("INFRA_AWS_TIMEOUT", "2");
    let output = infra.run(&["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(began.elapsed() < Duration::from_secs(50), "{:?}", began.elapsed());
    let calls = stage.proxy.calls();
    assert_eq!(calls.iter().filter(|it| it.operation.name == "CreateRole").count(), 1);
    stage.settle();
    let output = infra_with(&stage, "soon").run(&["plan"]);
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("INFRA_AWS_TIMEOUT is `soon`"), "{}", output.stderr);
    stage.destroy();
}

/// Three silences are too many, and one after two refusals is still one.
#[test]
fn refusals_do_not_count_as_failures() {
    let stage = Stage::new(NAMED);
    let read = |it: &Operation| it.name == "DescribeTable";
    let refused = Rule { on: read, fate: Fate::Throttled, times: 2 };
    let rules = vec![refused, Rule::once(Fate::Silent(When::BeforeItActs), read)];
    stage.proxy.set(Faults { rules, ..Faults::default() });
    let output = infra_with(&stage, "2").run(&["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let reads = stage.proxy.calls().into_iter().filter(|it| read(&it.operation)).map(|it| it.fate);
    let first: Vec<Fate> = reads.take(3).collect();
    assert_eq!(first, [Fate::Throttled, Fate::Throttled, Fate::Silent(When::BeforeItActs)]);
    stage.settle();
    stage.destroy();
}

fn infra_with(stage: &Stage, timeout: &str) -> Infra {
    stage.infra().env("INFRA_AWS_TIMEOUT", timeout)
}

/// Throttling has no end here, and `max_retries` says when to stop.
#[test]
fn a_call_that_is_always_refused_fails_in_the_end() {
    let stack = "[stack]\nname = \"x\"\n[provider.aws]\nregion = \"eu-west-1\"\nmax_retries = 3\n\
                 [aws_sqs_queue.it]\nname = \"it\"\n";
    let stage = Stage::new(stack);
    let faults = Faults { throttled: 1.0, ..Faults::default() };
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stderr.contains("RequestThrottled"), "{}", output.stderr);
    let calls = stage.proxy.calls();
    assert_eq!(calls.iter().filter(|it| it.operation.name == "CreateQueue").count(), 3, "{calls:#?}");
    stage.settle();
    stage.destroy();
}

#[test]
fn one_of_two_processes_is_troubled() {
    let proxy = Proxy::new();
    proxy.set(Faults { throttled: 0.5, only: Some("troubled"), ..Faults::default() });
    let stack = "[stack]\nname = \"x\"\n[provider.aws]\nregion = \"eu-west-1\"\n[aws_sqs_queue.it]\ncount = 5\nname = \"it-${count.index}\"\n";
    let (one, two) = (Folder::with_stack(stack), Folder::with_stack(stack));
    let accounts = [Account::new(), Account::new()];
    let start = |folder: &Folder, account, name| {
        let infra = Infra::new(folder.path(), account, &proxy.url()).env("AWS_SDK_UA_APP_ID", name);
        infra.spawn(&["apply", "--auto-approve"])
    };
    let (first, second) = (start(&one, &accounts[0], "troubled"), start(&two, &accounts[1], "calm"));
    for output in [first.finish(), second.finish()] {
        assert_eq!(output.code, Some(0), "{}", output.stderr);
    }
    let calls = proxy.calls();
    let refused = |account: &Account| {
        let own = calls.iter().filter(|it| it.operation.access_key == account.access_key);
        own.filter(|it| it.fate == Fate::Throttled).count()
    };
    assert!(refused(&accounts[0]) > 0);
    assert_eq!(refused(&accounts[1]), 0);
}

#[test]
fn every_service_has_a_form() {
    let field = Field::new();
    for service in CALLS {
        let (answer, calls) = field.after(Fate::Denied, service, 0, true);
        assert!(answer.as_ref().is_err_and(|it| it.code().is_some()), "{service}: {answer:?}");
        assert_eq!(calls, 1, "{service}: a refusal is no reason to ask again");
    }
    assert_eq!(forms::bare().status, 503);
}
