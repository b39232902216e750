//! New things that are not to be seen for a while, as AWS's services have them: reads do not find them, and
//! what is to use them is refused.

use std::time::{Duration, Instant};

use super::forms;
use super::http::Response;
use super::operation::Operation;

/// For how long each new thing hides: from so many requests, and for no longer than that.
#[derive(Debug, Clone, Copy)]
pub struct Shy {
    pub looks: usize,
    pub time: Duration,
}

/// A kind of thing: how its create is called, where that names it, and what is said where it is not seen.
struct Sort {
    service: &'static str,
    create: &'static str,
    /// In the answer, an element that holds the new id; in the request, a parameter.
    named: Named,
    /// What the names of the operations on it contain.
    noun: &'static str,
    code: &'static str,
}

enum Named {
    Element(&'static str),
    Parameter(&'static str),
    Bucket,
}
use Named::{Bucket, Element, Parameter};

const fn ec2(create: &'static str, id: &'static str, noun: &'static str, code: &'static str) -> Sort {
    Sort { service: "ec2", create, named: Element(id), noun, code }
}

const fn by(
    service: &'static str,
    create: &'static str,
    name: &'static str,
    noun: &'static str,
    code: &'static str,
) -> Sort {
    Sort { service, create, named: Parameter(name), noun, code }
}

const SORTS: &[Sort] = &[
    ec2("CreateVpc", "vpcId", "Vpc", "InvalidVpcID.NotFound"),
    ec2("CreateSubnet", "subnetId", "Subnet", "InvalidSubnetID.NotFound"),
    ec2("CreateInternetGateway", "internetGatewayId", "InternetGateway", "InvalidInternetGatewayID.NotFound"),
    ec2("CreateRouteTable", "routeTableId", "RouteTable", "InvalidRouteTableID.NotFound"),
    ec2("CreateSecurityGroup", "groupId", "SecurityGroup", "InvalidGroup.NotFound"),
    ec2("AllocateAddress", "allocationId", "Address", "InvalidAllocationID.NotFound"),
    ec2("CreateNatGateway", "natGatewayId", "NatGateway", "NatGatewayNotFound"),
    by("iam", "CreateRole", "RoleName", "Role", "NoSuchEntity"),
    by("dynamodb", "CreateTable", "TableName", "", "ResourceNotFoundException"),
    by("ecr", "CreateRepository", "repositoryName", "Repositor", "RepositoryNotFoundException"),
    Sort { service: "s3", create: "CreateBucket", named: Bucket, noun: "", code: "NoSuchBucket" },
];

/// The things that hide now.
#[derive(Debug, Default)]
pub struct Hidden(Vec<Thing>);

#[derive(Debug)]
struct Thing {
    sort: usize,
    id: String,
    looks: usize,
    until: Instant,
}

impl Hidden {
    /// A request was carried out: what it has made hides from now on.
    pub fn born(&mut self, shy: Shy, operation: &Operation, response: &Response) {
        if response.status >= 300 {
            return;
        }
        let made = SORTS.iter().position(|it| it.service == operation.service && it.create == operation.name);
        let Some(sort) = made else { return };
        let id = match SORTS[sort].named {
            Element(name) => element(&response.body, name),
            Parameter(name) => operation.parameter(name).map(str::to_owned),
            Bucket => Some(operation.object().0.to_owned()),
        };
        let until = Instant::now() + shy.time;
        self.0.extend(id.map(|id| Thing { sort, id, looks: shy.looks, until }));
    }

    /// What a request is answered that names something hidden; `None`: it is passed on.
    pub fn refuses(&mut self, operation: &Operation) -> Option<Response> {
        let removes = ["Delete", "Release", "Detach", "Disassociate", "Remove"];
        if removes.iter().any(|it| operation.name.starts_with(it)) {
            return None;
        }
        let asked = operation.parameters.to_string();
        let lists = operation.service == "ec2" && operation.name.starts_with("Describe");
        let thing =
            self.0.iter_mut().find(|it| !lists && it.hides(operation) && it.is_in(operation, &asked))?;
        thing.looks -= 1;
        Some(forms::missing(operation, SORTS[thing.sort].code))
    }

    /// Takes what hides out of a list of EC2's.
    pub fn cover(&mut self, operation: &Operation, response: &mut Response) {
        if operation.service != "ec2" || !operation.name.starts_with("Describe") {
            return;
        }
        for thing in self.0.iter_mut().filter(|it| it.hides(operation)) {
            if operation.name.contains(SORTS[thing.sort].noun) && without(&mut response.body, &thing.id) {
                thing.looks -= 1;
            }
        }
    }
}

impl Thing {
    fn hides(&self, operation: &Operation) -> bool {
        self.looks > 0 && Instant::now() < self.until && SORTS[self.sort].service == operation.service
    }

    fn is_in(&self, operation: &Operation, asked: &str) -> bool {
        match SORTS[self.sort].named {
            Bucket => operation.object().0 == self.id,
            _ => asked.contains(&format!("\"{}\"", self.id)),
        }
    }
}

/// What the first element of this name holds.
fn element(body: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let rest = text.split(&format!("<{name}>")).nth(1)?;
    Some(rest.split('<').next()?.to_owned())
}

/// Takes the items of an answer's list out that begin with this id or hold it; whether there was one.
fn without(body: &mut Vec<u8>, id: &str) -> bool {
    let text = String::from_utf8_lossy(body).into_owned();
    let (mut out, mut found, mut rest) = (String::new(), false, text.as_str());
    while let Some(start) = rest.find("<item>") {
        let end = start + item_length(&rest[start..]);
        out.push_str(&rest[..start]);
        let item = &rest[start..end];
        let hit = item.contains(&format!(">{id}<"));
        found |= hit;
        out.push_str(if hit { "" } else { item });
        rest = &rest[end..];
    }
    out.push_str(rest);
    *body = out.into_bytes();
    found
}

/// The length of the item with which the text begins, with those inside it.
fn item_length(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let rest = &text[at..];
        match (rest.find("<item>"), rest.find("</item>")) {
            (Some(open), Some(close)) if open < close => {
                (depth, at) = (depth + 1, at + open + "<item>".len())
            }
            (_, Some(close)) => (depth, at) = (depth - 1, at + close + "</item>".len()),
            _ => return text.len(),
        }
        if depth == 0 {
            return at;
        }
    }
}

#[test]
fn items_are_taken_out_whole() {
    let list = |items: &str| format!("<r><vpcSet>{items}</vpcSet></r>").into_bytes();
    let one = "<item><tagSet><item><key>a</key></item></tagSet><vpcId>vpc-1</vpcId></item>";
    let two = "<item><vpcId>vpc-2</vpcId><tagSet/></item>";
    let mut body = list(&format!("{one}{two}"));
    assert!(without(&mut body, "vpc-1"));
    assert_eq!(body, list(two));
    assert!(!without(&mut body, "vpc-1"));
    assert_eq!(element(&body, "vpcId").as_deref(), Some("vpc-2"));
}
