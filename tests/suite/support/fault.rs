//! What can go wrong between a client and AWS.

use std::time::Duration;

use super::operation::Operation;
use super::shy::Shy;

/// What the proxy does to requests. Shares are from 0 to 1.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub seed: u64,
    /// Before each answer.
    pub latency: Duration,
    /// Answered with the service's throttling error, not passed on.
    pub throttled: f64,
    /// Answered with an error of the service's own, not passed on.
    pub broken: f64,
    /// The connection is cut before the service sees the request.
    pub lost_requests: f64,
    /// The service acts, and the connection is cut before its answer.
    pub lost_replies: f64,
    /// The service acts, and the connection is cut in the middle of its answer.
    pub cut_bodies: f64,
    /// Of the forms that a refusal can have at its service, any; otherwise the usual one.
    pub varied: bool,
    /// What happens to each mutating request when it comes for the first time.
    pub first: Option<Fate>,
    /// Reads do not show new things at once.
    pub shy: Option<Shy>,
    /// EC2 takes so many changes at once, and so many a second more, and refuses the others.
    pub bucket: Option<(f64, f64)>,
    /// Only to requests of the process that was started with this as its `AWS_SDK_UA_APP_ID`.
    pub only: Option<&'static str>,
    pub kill: Option<Kill>,
    /// Ends the client's process at the first mutating call at which none was ended before.
    pub kill_anew: Option<When>,
    /// For requests of a certain kind, before anything is left to chance.
    pub rules: Vec<Rule>,
}

/// What happens to certain requests.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub on: fn(&Operation) -> bool,
    pub fate: Fate,
    /// To how many of them, from the first.
    pub times: usize,
}

impl Rule {
    pub fn once(fate: Fate, on: fn(&Operation) -> bool) -> Rule {
        Rule { on, fate, times: 1 }
    }
    pub fn always(fate: Fate, on: fn(&Operation) -> bool) -> Rule {
        Rule { on, fate, times: usize::MAX }
    }
}

/// Ends the client's process at a mutating call.
#[derive(Debug, Clone, Copy)]
pub struct Kill {
    /// The first is 1.
    pub at: usize,
    pub when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    BeforeItActs,
    AfterItActed,
}

/// What happened to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Answered,
    Throttled,
    /// Answered with an error of the service's own, not passed on.
    Broken,
    /// The same without a word: a status alone, as a load balancer gives it.
    Bare,
    /// Passed on, and answered with an error of the service's own all the same.
    BrokenAfter,
    LostRequest,
    LostReply,
    /// Passed on; the answer ends in the middle.
    CutBody,
    /// No answer at all, until the client gives up; whether the service has acted by then.
    Silent(When),
    Killed(When),
    /// Answered with a refusal for lack of rights, not passed on.
    Denied,
    /// Answered with this status, code and message, in the service's form; not passed on.
    Refused(u16, &'static str, &'static str),
    /// Answered as if the thing were not there, not passed on.
    Unseen,
    /// Passed on, and answered, after a pause.
    Late(Duration),
    /// There is nothing behind this proxy.
    Unanswered,
}

impl Faults {
    pub fn fate(&self, share: f64) -> Fate {
        let mut start = 0.0;
        for (size, fate) in [
            (self.throttled, Fate::Throttled),
            (self.broken, Fate::Broken),
            (self.lost_requests, Fate::LostRequest),
            (self.lost_replies, Fate::LostReply),
            (self.cut_bodies, Fate::CutBody),
        ] {
            if (start..start + size).contains(&share) {
                return fate;
            }
            start += size;
        }
        Fate::Answered
    }
}
