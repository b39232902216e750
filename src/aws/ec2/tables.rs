//! Route tables, for all that read them: tables, routes, associations and VPCs. In a refresh each
//! table is asked for once, whoever needs it first.

use std::collections::HashMap;

use aws_sdk_ec2::types::{Filter, RouteTable};
use tokio::sync::Mutex;

use super::among;
use crate::aws::{Aws, Result};

/// From so many on, all tables of the region are fewer calls than these alone.
const MANY: usize = 200;

/// What names a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    Id,
    /// Of a subnet associated with it.
    Subnet,
    /// Of a gateway associated with it.
    Gateway,
    /// Of the VPC whose main table it is.
    Main,
}

impl By {
    /// None: all tables of the region. Emulators lack the filter for gateways, which few tables have.
    fn filters(self, values: &[String]) -> Vec<Filter> {
        match self {
            By::Id => vec![among("route-table-id", values)],
            By::Subnet => vec![among("association.subnet-id", values)],
            By::Gateway => Vec::new(),
            By::Main => vec![among("vpc-id", values), among("association.main", &["true".to_owned()])],
        }
    }
}

/// The tables that `values` name; those that do not exist are left out.
pub async fn tables(aws: &Aws, by: By, values: &[String]) -> Result<Vec<RouteTable>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    if aws.exact() {
        let found = describe(aws, by.filters(values)).await?;
        let named = |it: &String| found.iter().any(|table| names(table).contains(&(by, it.clone())));
        if by != By::Subnet || values.iter().all(named) {
            return Ok(found);
        }
        // Not there, or an emulator whose filter wants all subnets of a table to be named.
        return describe(aws, Vec::new()).await;
    }
    let known = aws.once("ec2 route tables", async { Ok(Mutex::new(Known::default())) }).await?;
    // Held while asking: the others wait for the answer instead of asking too.
    let mut known = known.lock().await;
    let missing: Vec<String> = values.iter().filter(|it| !known.knows(by, it)).cloned().collect();
    if !missing.is_empty() {
        let filters = if missing.len() >= MANY { Vec::new() } else { by.filters(&missing) };
        let whole = filters.is_empty();
        describe(aws, filters).await?.into_iter().for_each(|it| known.learn(it));
        known.whole = whole;
        for it in missing {
            known.index.entry((by, it)).or_default();
        }
    }
    Ok(known.named(by, values))
}

async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<RouteTable>> {
    let filters = Some(filters).filter(|it| !it.is_empty());
    let call = aws.ec2().describe_route_tables().set_filters(filters);
    Ok(call.into_paginator().items().send().try_collect().await?)
}

/// What a refresh has seen so far.
#[derive(Default)]
struct Known {
    /// All tables of the region are here.
    whole: bool,
    tables: HashMap<String, RouteTable>,
    /// Ids of the tables by what names them; an empty entry says that there is none.
    index: HashMap<(By, String), Vec<String>>,
}

impl Known {
    fn knows(&self, by: By, value: &str) -> bool {
        self.whole || self.index.contains_key(&(by, value.to_owned()))
    }

    fn learn(&mut self, table: RouteTable) {
        let Some(id) = table.route_table_id.clone() else { return };
        for name in names(&table) {
            let ids = self.index.entry(name).or_default();
            if !ids.contains(&id) {
                ids.push(id.clone());
            }
        }
        self.tables.insert(id, table);
    }

    fn named(&self, by: By, values: &[String]) -> Vec<RouteTable> {
        let ids = values.iter().filter_map(|it| self.index.get(&(by, it.clone()))).flatten();
        let mut ids: Vec<&String> = ids.collect();
        ids.sort();
        ids.dedup();
        ids.into_iter().filter_map(|it| self.tables.get(it).cloned()).collect()
    }
}

fn names(table: &RouteTable) -> Vec<(By, String)> {
    let mut out = Vec::new();
    out.extend(table.route_table_id.clone().map(|it| (By::Id, it)));
    for it in table.associations() {
        out.extend(it.subnet_id.clone().map(|it| (By::Subnet, it)));
        out.extend(it.gateway_id.clone().map(|it| (By::Gateway, it)));
        if it.main == Some(true) {
            out.extend(table.vpc_id.clone().map(|it| (By::Main, it)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::RouteTableAssociation;

    #[test]
    fn a_table_is_known_by_all_its_names() {
        let main = RouteTableAssociation::builder().main(true).build();
        let subnet = RouteTableAssociation::builder().subnet_id("subnet-1").build();
        let table = RouteTable::builder().route_table_id("rtb-1").vpc_id("vpc-1");
        let mut known = Known::default();
        known.learn(table.associations(main).associations(subnet).build());
        assert!(known.knows(By::Main, "vpc-1") && known.knows(By::Subnet, "subnet-1"));
        assert!(!known.knows(By::Id, "rtb-2"));
        let named = known.named(By::Id, &["rtb-1".to_owned(), "rtb-1".to_owned(), "rtb-2".to_owned()]);
        assert_eq!(named.len(), 1);
    }
}
