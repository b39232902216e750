//! Route tables, for all that read them: tables, routes, associations and VPCs. A refresh asks for all that
//! any of them needs at once.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use aws_sdk_ec2::types::{Filter, RouteTable};
use futures::future::try_join_all;

use super::{FILTER, among, described};
use crate::aws::{Aws, Result};

/// What names a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    Id,
    /// Of a subnet associated with it.
    Subnet,
    /// Of a gateway associated with it.
    Gateway,
    /// Of the VPC whose main table it is.
    Main,
}

/// One name of a table.
type Name = (By, String);

/// The tables that `values` name, shared by all who ask; those that do not exist are left out.
pub async fn tables(aws: &Aws, by: By, values: &[String]) -> Result<Vec<Rc<RouteTable>>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<Name> = values.iter().map(|it| (by, it.clone())).collect();
    let found = match aws.exact() {
        true => of_all(aws, names).await?,
        false => aws.together("ec2 route tables", &names, async |all| of_all(aws, all).await).await?,
    };
    let tables = found.into_values().flatten();
    let mut tables: HashMap<_, _> = tables.map(|it| (it.route_table_id.clone(), it)).collect();
    let mut sorted: Vec<_> = tables.drain().map(|it| it.1).collect();
    sorted.sort_by(|a, b| a.route_table_id.cmp(&b.route_table_id));
    Ok(sorted)
}

/// The tables of all these names, in as few calls as may be: those of a VPC are mostly what else is asked
/// for, and then one call serves tables, routes, associations and VPCs.
async fn of_all(aws: &Aws, names: Vec<Name>) -> Result<HashMap<Name, Vec<Rc<RouteTable>>>> {
    let mut known = Known::default();
    let vpcs = known.missing(By::Main, &names);
    let alone = vpcs.len() == names.len();
    known.learn(of_vpcs(aws, &vpcs, alone).await?);
    known.learn(of_ids(aws, &known.missing(By::Id, &names)).await?);
    let subnets = known.missing(By::Subnet, &names);
    known.learn(of_subnets(aws, &subnets).await?);
    let gateways = !known.missing(By::Gateway, &names).is_empty();
    // Not there, or an emulator whose filter wants all subnets of a table to be named.
    let subnets = aws.exact() && !known.missing(By::Subnet, &names).is_empty();
    // Emulators lack the filter for gateways, which few tables have.
    if gateways || subnets {
        known.learn(filtered(aws, Vec::new()).await?);
    }
    Ok(names.into_iter().map(|name| (name.clone(), known.named(&name))).collect())
}

async fn of_vpcs(aws: &Aws, vpcs: &[String], main: bool) -> Result<Vec<RouteTable>> {
    let calls = vpcs.chunks(FILTER - 1).map(|some| {
        let main = main.then(|| among("association.main", &["true".to_owned()]));
        filtered(aws, [among("vpc-id", some)].into_iter().chain(main).collect())
    });
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

async fn of_ids(aws: &Aws, ids: &[String]) -> Result<Vec<RouteTable>> {
    let tables = described(aws, "route-table-id", ids, async |ids, filters| {
        let call = aws.ec2().describe_route_tables().set_route_table_ids(ids).set_filters(filters);
        Ok(call.into_paginator().items().send().try_collect().await?)
    });
    tables.await
}

async fn of_subnets(aws: &Aws, subnets: &[String]) -> Result<Vec<RouteTable>> {
    let calls = subnets.chunks(FILTER).map(|some| filtered(aws, vec![among("association.subnet-id", some)]));
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

async fn filtered(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<RouteTable>> {
    let filters = Some(filters).filter(|it| !it.is_empty());
    let call = aws.ec2().describe_route_tables().set_filters(filters);
    Ok(call.into_paginator().items().send().try_collect().await?)
}

/// What was seen so far, by what names it.
#[derive(Default)]
struct Known(HashMap<Name, Vec<Rc<RouteTable>>>);

impl Known {
    /// The values of this kind of name that stand for nothing that was seen.
    fn missing(&self, by: By, names: &[Name]) -> Vec<String> {
        let open = names.iter().filter(|it| it.0 == by && !self.0.contains_key(*it));
        open.map(|it| it.1.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn learn(&mut self, tables: Vec<RouteTable>) {
        for table in tables.into_iter().map(Rc::new) {
            for name in names(&table) {
                let named = self.0.entry(name).or_default();
                if !named.iter().any(|it| it.route_table_id == table.route_table_id) {
                    named.push(table.clone());
                }
            }
        }
    }

    fn named(&self, name: &Name) -> Vec<Rc<RouteTable>> {
        self.0.get(name).cloned().unwrap_or_default()
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
        known.learn(vec![table.associations(main).associations(subnet).build()]);
        let wanted = [(By::Main, "vpc-1"), (By::Subnet, "subnet-1"), (By::Id, "rtb-1"), (By::Id, "rtb-2")];
        let wanted = wanted.map(|(by, it)| (by, it.to_owned()));
        assert_eq!(known.missing(By::Id, &wanted), ["rtb-2"]);
        assert!(known.missing(By::Main, &wanted).is_empty() && known.missing(By::Subnet, &wanted).is_empty());
        assert_eq!(wanted.map(|it| known.named(&it).len()), [1, 1, 1, 0]);
    }
}
