//! A proxy between clients and the emulator: logs every request, and breaks some.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::fault::{Fate, Faults, Kill, Rule, When};
use super::forms;
use super::http::{Request, Response};
use super::operation::Operation;
use super::rng::Rng;
use super::shy::Hidden;

/// One request, as logged when it was over.
#[derive(Debug, Clone)]
pub struct Call {
    pub operation: Operation,
    /// What the service answered; none where it was not asked or the reply was lost before it came.
    pub status: Option<u16>,
    pub fate: Fate,
    /// Since the proxy started.
    pub at: Duration,
    pub took: Duration,
}

impl Call {
    /// `ec2:DescribeVpcs`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.operation.service, self.operation.name)
    }
}

/// Runs until dropped.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    upstream: Option<u16>,
    start: Instant,
    state: Mutex<State>,
}

struct State {
    faults: Faults,
    rng: Rng,
    calls: Vec<Call>,
    mutations: usize,
    in_flight: usize,
    peak: usize,
    victim: Option<u32>,
    /// How often each rule was used.
    used: Vec<usize>,
    /// The names of all requests that have begun.
    seen: Vec<String>,
    /// The mutating requests that have come before.
    known: BTreeSet<String>,
    /// The calls at which a process was ended: [`Faults::kill_anew`].
    ended_at: BTreeSet<String>,
    hidden: Hidden,
    /// What is left in the bucket, and since when.
    tokens: (f64, Instant),
}

impl Proxy {
    /// In front of the emulator that all tests share.
    pub fn new() -> Proxy {
        Proxy::before(Some(super::moto().port()))
    }

    /// In front of nothing: to show that nothing was asked of AWS.
    pub fn to_nowhere() -> Proxy {
        Proxy::before(None)
    }

    fn before(upstream: Option<u16>) -> Proxy {
        let state = State {
            faults: Faults::default(),
            rng: Rng::new(1),
            calls: Vec::new(),
            mutations: 0,
            in_flight: 0,
            peak: 0,
            victim: None,
            used: Vec::new(),
            seen: Vec::new(),
            known: BTreeSet::new(),
            ended_at: BTreeSet::new(),
            hidden: Hidden::default(),
            tokens: (0.0, Instant::now()),
        };
        let shared = Arc::new(Shared { upstream, start: Instant::now(), state: Mutex::new(state) });
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let theirs = shared.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = listen(listener, theirs) => {}
                    _ = stopped => {}
                }
            });
        });
        Proxy { port, shared, stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on; the random numbers start anew from the seed, and mutations are counted from 1.
    pub fn set(&self, faults: Faults) {
        let mut state = self.shared.state();
        state.rng = Rng::new(faults.seed);
        state.used = vec![0; faults.rules.len()];
        state.tokens = (faults.bucket.map_or(0.0, |it| it.0), Instant::now());
        state.faults = faults;
        state.mutations = 0;
        state.victim = None;
        state.seen.clear();
        state.known.clear();
        state.hidden = Hidden::default();
    }

    /// From now on, [`Faults::kill_anew`] begins again.
    pub fn forget_kills(&self) {
        self.shared.state().ended_at.clear();
    }

    /// The process that [`Kill`] ends.
    pub fn victim(&self, pid: u32) {
        self.shared.state().victim = Some(pid);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.shared.state().calls.clone()
    }

    /// What was asked since the last time this was asked.
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.shared.state().calls)
    }

    /// Waits until a request such as `ec2:CreateVpc` has come, since the last `set`.
    pub fn wait_for(&self, name: &str) {
        for _ in 0..1000 {
            if self.shared.state().seen.iter().any(|it| it == name) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody asked for {name}");
    }

    /// Requests that are under way.
    pub fn under_way(&self) -> usize {
        self.shared.state().in_flight
    }

    /// The most requests that were under way at once.
    pub fn peak(&self) -> usize {
        self.shared.state().peak
    }
}

/// How often each operation was asked for.
pub fn counts(calls: &[Call]) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for it in calls {
        *out.entry(it.name()).or_default() += 1;
    }
    out
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has already been printed.
            let _ = thread.join();
        }
    }
}

impl State {
    /// Whether there is a token for one more change.
    fn takes(&mut self) -> bool {
        let Some((most, refill)) = self.faults.bucket else { return true };
        let now = Instant::now();
        let tokens = (self.tokens.0 + (now - self.tokens.1).as_secs_f64() * refill).min(most);
        let takes = tokens >= 1.0;
        self.tokens = (if takes { tokens - 1.0 } else { tokens }, now);
        takes
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn note(&self, operation: Operation, status: Option<u16>, fate: Fate, began: Instant) {
        let (at, took) = (began - self.start, began.elapsed());
        let mut state = self.state();
        state.in_flight -= 1;
        state.calls.push(Call { operation, status, fate, at, took });
    }

    /// Decides what happens to a request, at its beginning.
    fn begin(&self, operation: &Operation, client: &str) -> (Fate, Duration) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.in_flight += 1;
        state.peak = state.peak.max(state.in_flight);
        state.seen.push(format!("{}:{}", operation.service, operation.name));
        if state.faults.only.is_some_and(|it| !client.contains(&format!("app/{it}"))) {
            return (Fate::Answered, state.faults.latency);
        }
        let share = state.rng.share();
        let mut fate = state.faults.fate(share);
        if let Some(first) = state.faults.first
            && operation.mutates()
            && state.known.insert(operation.identity())
        {
            fate = first;
        }
        if operation.service == "ec2" && operation.mutates() && !state.takes() {
            fate = Fate::Throttled;
        }
        let rules = state.faults.rules.clone();
        let fits = |(at, rule): &(usize, &Rule)| state.used[*at] < rule.times && (rule.on)(operation);
        if let Some((at, rule)) = rules.iter().enumerate().find(fits) {
            state.used[at] += 1;
            fate = rule.fate;
        }
        if operation.mutates() {
            state.mutations += 1;
            if let Some(Kill { at, when }) = state.faults.kill
                && at == state.mutations
            {
                fate = Fate::Killed(when);
            }
            if let Some(when) = state.faults.kill_anew
                && state.ended_at.insert(operation.letters())
            {
                state.faults.kill_anew = None;
                fate = Fate::Killed(when);
            }
        }
        (fate, state.faults.latency)
    }

    /// The process may have been started a moment ago and not be known yet.
    async fn kill(&self) {
        for _ in 0..500 {
            let victim = self.state().victim;
            if let Some(pid) = victim {
                let killed = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
                assert!(killed.unwrap().success(), "could not kill process {pid}");
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody said which process to kill");
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let shared = shared.clone();
        tokio::spawn(async move {
            // A client that goes away in the middle is what some tests are about.
            let _ = serve(stream, &shared).await;
        });
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufStream::new(stream);
    while let Some(request) = Request::read(&mut stream).await? {
        if !answer(&request, &mut stream, shared).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the connection stays open.
async fn answer(request: &Request, to: &mut BufStream<TcpStream>, shared: &Shared) -> Result<bool> {
    let began = Instant::now();
    let operation = Operation::of(request);
    let (mut fate, latency) = shared.begin(&operation, request.headers.get("user-agent").unwrap_or_default());
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if let Some(response) = shared.instead(&operation, &mut fate) {
        shared.note(operation, None, fate, began);
        response.send(&request.method, to).await?;
        return Ok(true);
    }
    let before = |it: Fate| matches!(it, Fate::LostRequest | Fate::Killed(When::BeforeItActs));
    if fate == Fate::Killed(When::BeforeItActs) {
        shared.kill().await;
    }
    if before(fate) || fate == Fate::Silent(When::BeforeItActs) {
        shared.note(operation, None, fate, began);
        return silence(fate, to).await;
    }
    let Some(upstream) = shared.upstream else {
        shared.note(operation, None, Fate::Unanswered, began);
        return Ok(false);
    };
    if let Fate::Late(pause) = fate {
        tokio::time::sleep(pause).await;
    }
    let mut response = request.forward(upstream).await;
    let status = response.as_ref().ok().map(|it| it.status);
    if fate == Fate::Answered && status.is_none() {
        fate = Fate::Unanswered;
    }
    if fate == Fate::Killed(When::AfterItActed) {
        shared.kill().await;
    }
    if let Ok(it) = &mut response {
        shared.hide(&operation, it);
    }
    let broken = (fate == Fate::BrokenAfter).then(|| forms::broken(&operation));
    shared.note(operation, status, fate, began);
    match fate {
        Fate::Answered | Fate::Late(_) => response?.send(&request.method, to).await?,
        Fate::BrokenAfter => broken.unwrap_or_else(forms::bare).send(&request.method, to).await?,
        Fate::CutBody => response?.send_half(&request.method, to).await?,
        _ => return silence(fate, to).await,
    }
    Ok(fate != Fate::CutBody)
}

/// Says nothing: hangs up, or waits until the client does.
async fn silence(fate: Fate, to: &mut BufStream<TcpStream>) -> Result<bool> {
    if matches!(fate, Fate::Silent(_)) {
        let mut byte = [0];
        // Nothing more is sent on this connection: it ends, one way or the other.
        let _ = to.read(&mut byte).await;
    }
    Ok(false)
}

impl Shared {
    /// The answer to what is not passed on.
    fn instead(&self, operation: &Operation, fate: &mut Fate) -> Option<Response> {
        let mut state = self.state();
        match fate {
            Fate::Throttled => {
                let which = if state.faults.varied { state.rng.below(60) } else { 0 };
                Some(forms::throttled(operation, which))
            }
            Fate::Broken => Some(forms::broken(operation)),
            Fate::Bare => Some(forms::bare()),
            Fate::Denied => Some(forms::denied(operation)),
            Fate::Refused(status, code, message) => Some(forms::refusal(operation, *status, code, message)),
            Fate::Unseen => Some(forms::unseen(operation)),
            Fate::Answered => {
                let refused = state.hidden.refuses(operation);
                if refused.is_some() {
                    *fate = Fate::Unseen;
                }
                refused
            }
            _ => None,
        }
    }

    /// What is new hides, and is not in lists.
    fn hide(&self, operation: &Operation, response: &mut Response) {
        let mut state = self.state();
        let Some(shy) = state.faults.shy else { return };
        state.hidden.born(shy, operation, response);
        state.hidden.cover(operation, response);
    }
}
