//! What happens while a command works, as data: `report` words it.

use std::time::Duration;

use crate::address::Addr;
use crate::plan::Action;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// So many objects of the state are about to be read.
    Refreshing {
        objects: usize,
    },
    Refreshed {
        objects: usize,
        calls: u64,
    },
    /// One operation of an apply. `id` is the object's, where it has one already.
    Started {
        addr: Addr,
        action: Action,
        id: Option<String>,
    },
    Still {
        addr: Addr,
        action: Action,
        id: Option<String>,
        elapsed: Duration,
    },
    Done {
        addr: Addr,
        action: Action,
        id: Option<String>,
        elapsed: Duration,
    },
    Failed {
        addr: Addr,
        action: Action,
        elapsed: Duration,
    },
    /// The first interrupt: what is in flight gets finished.
    Stopping,
}

/// Where events go.
pub type Sink<'a> = &'a dyn Fn(Event);
