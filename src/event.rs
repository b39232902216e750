//! What happens during a refresh and an apply: data that the engine sends and `report` words.

use std::time::Duration;

use crate::address::Addr;

/// Something worth telling while it happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The state's things are about to be read: these.
    Refreshing {
        things: Vec<Thing>,
    },
    /// All of them have been read.
    Refreshed {
        things: Vec<Thing>,
        elapsed: Duration,
    },
    /// What exists already is taken into the state.
    Importing {
        addr: Addr,
        id: String,
    },
    Imported {
        addr: Addr,
        id: String,
    },
    /// An operation has begun.
    Started(Step),
    /// It is still going on.
    Still {
        step: Step,
        elapsed: Duration,
        /// Where it waited because AWS took no more calls: the service, and for how long in all.
        throttled: Option<(String, Duration)>,
        /// What it waits for; empty where that is not known.
        waiting: String,
    },
    /// It has come to its end; the step has the id by now.
    Done {
        step: Step,
        elapsed: Duration,
    },
    Failed {
        step: Step,
        elapsed: Duration,
    },
    /// AWS has refused calls to a service because they came too fast.
    Throttled {
        service: String,
        region: Option<String>,
        /// How many were refused and made again.
        calls: u64,
        /// For how long anything waited because of that.
        waited: Duration,
    },
    /// A provisioner of this kind, such as `local-exec`, and what happens to it.
    Provision {
        addr: Addr,
        kind: String,
        what: Provision,
    },
    /// An interrupt: what is under way is finished, nothing new is begun.
    Stopping {
        under_way: usize,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Provision {
    Started,
    /// A line that it printed.
    Output(String),
    Done,
    Failed,
}

/// A thing that the state knows, and its id at AWS.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    pub addr: Addr,
    pub id: Option<String>,
}

/// One operation on one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub addr: Addr,
    /// The key of the deposed object it is about.
    pub deposed: Option<String>,
    pub operation: Operation,
    /// Its id at AWS, where there is one already.
    pub id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Create,
    Read,
    Update,
    Delete,
}

/// Where events go.
pub type Sink<'a> = &'a dyn Fn(Event);
