//! The way through the graph: every node once what it refers to is done.

use std::collections::BTreeSet;

use super::{Planner, Reach, variables};
use crate::address::{Mode, ModulePath};
use crate::config::Resource;
use crate::graph::{Item, Node};

impl Planner<'_> {
    /// Plans everything that the configuration has, then what only the state has.
    pub(super) async fn walk(&mut self) {
        self.visit().await;
        self.checked();
        self.unplanned_imports();
        self.orphans();
    }

    /// Every node once what it refers to is done; data sources that are ready, together.
    pub(super) async fn visit(&mut self) {
        let mut done: BTreeSet<&Node> = BTreeSet::new();
        let mut left: Vec<&Node> = self.request.graph.order.iter().collect();
        while !left.is_empty() {
            let (mut reads, mut later) = (Vec::new(), Vec::new());
            for node in left {
                let needs = self.request.graph.refers(node);
                if !needs.iter().all(|it| done.contains(it)) {
                    later.push(node);
                } else if matches!(&node.item, Item::Resource(it) if it.mode == Mode::Data) {
                    reads.push(node);
                } else {
                    self.node(node).await;
                    done.insert(node);
                }
            }
            let addrs = reads.iter().filter_map(|it| match &it.item {
                Item::Resource(it) => self.request.config.resource(it),
                _ => None,
            });
            let resources: Vec<&Resource> = addrs.collect();
            self.read_all(&resources).await;
            done.extend(reads);
            left = later;
        }
        // What an apply reads after this is to be as it is then.
        self.providers.forget();
    }

    /// What holds and what does not, once everything is planned.
    pub(super) fn checked(&mut self) {
        // Of a part of the stack, no check can be asked: it may be about the rest.
        if self.reach == Reach::Aws && self.included.is_none() && !self.errors.has_errors() {
            let told = self.checks.asserts(self.request.config, &self.scope, true);
            self.errors.extend(told);
        }
    }

    async fn node(&mut self, node: &Node) {
        if let Item::Resource(addr) = &node.item {
            if let Some(resource) = self.request.config.resource(addr) {
                self.resource(resource).await;
            }
            return;
        }
        if self.hangs_on_left_out(node) {
            return;
        }
        for path in self.scope.instances_of(&node.module) {
            self.item(&path, &node.item);
        }
    }

    /// What is no resource, in one instance of its module.
    fn item(&mut self, path: &ModulePath, item: &Item) {
        match item {
            Item::Variable(name) => {
                variables::check(&self.scope, self.request.config, path, name, &self.checks, &mut self.errors)
            }
            Item::Local(name) => {
                let value = self.scope.module(path).local(name);
                self.errors.take(value);
            }
            Item::Provider(name) => {
                let module = self.request.config.module(path);
                if let Some(it) = module.and_then(|it| it.providers.get(name)) {
                    let settings = crate::config::settings::evaluate(&it.settings, &self.scope.module(path));
                    self.errors.take(settings);
                }
            }
            Item::Call(name) => self.call(path, name),
            Item::Output(name) if path.is_empty() => self.output(name),
            Item::Output(name) => self.inner_output(path, name),
            Item::Resource(_) | Item::Check(_) | Item::Whole(_) => {}
        }
    }

    /// How often a module is there.
    fn call(&mut self, path: &ModulePath, name: &str) {
        let module = self.request.config.module(path);
        let Some(call) = module.and_then(|it| it.modules.get(name)) else { return };
        // How often a module is there is no matter where nothing of it is planned.
        if self.included.as_ref().is_some_and(|it| !it.enters(&call.config.path, self.request.config)) {
            return;
        }
        let all = self.scope.calls(path, call, self.reach == Reach::Offline);
        self.errors.take(all);
    }
}
