//! The blocks of a record.

use aws_sdk_route53::types::{self as sdk, ResourceRecordSetFailover, ResourceRecordSetRegion};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::route53::names;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// Another name of AWS's: of a load balancer, a distribution, a website, or a record of the same zone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// Its name.
    #[schemars(length(min = 1, max = 1024))]
    pub name: String,
    /// The zone in which that name is; each of AWS's services tells its own.
    #[schemars(length(min = 1, max = 32))]
    pub zone_id: String,
    /// Answer with it only while what it names is fine.
    pub evaluate_target_health: bool,
}

/// Answers shared out by weight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// The share of this record, beside those of the others. 0: none.
    pub weight: i64,
}

/// Answers by the way to a region.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// The region in which what answers is.
    #[schemars(extend("enum" = ResourceRecordSetRegion::values()))]
    pub region: String,
}

/// One that answers, and one that does where that fails.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// `PRIMARY` or `SECONDARY`.
    #[schemars(extend("enum" = ResourceRecordSetFailover::values()))]
    pub r#type: String,
}

/// Answers by where those who ask are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geolocation {
    /// Such as `EU`. Either this or `country`.
    pub continent: Option<String>,
    /// Such as `DE`; `*` for everybody whom no other record is for.
    pub country: Option<String>,
    /// A part of the country, such as a state of the US.
    pub subdivision: Option<String>,
}

/// Answers by how near what answers is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geoproximity {
    /// The region in which what answers is.
    pub aws_region: Option<String>,
    /// Widens (up to 99) or narrows (down to -99) the area that it answers.
    #[schemars(range(min = -99, max = 99))]
    pub bias: Option<i64>,
    /// The group of local zones in which what answers is.
    pub local_zone_group: Option<String>,
    /// Where on earth what answers is.
    #[serde(default)]
    pub coordinates: Set<Coordinates>,
}

/// A point on earth.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coordinates {
    /// North or south of the equator, such as `49.22`.
    pub latitude: String,
    /// East or west of Greenwich, such as `-74.01`.
    pub longitude: String,
}

/// Answers by the address of those who ask.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CidrRouting {
    /// The collection of address ranges.
    pub collection_id: String,
    /// One of the collection's locations; `*` for everybody else.
    pub location_name: String,
}

impl Alias {
    pub fn sent(&self) -> Result<sdk::AliasTarget> {
        let it = sdk::AliasTarget::builder().dns_name(&self.name).hosted_zone_id(&self.zone_id);
        built(it.evaluate_target_health(self.evaluate_target_health).build())
    }
    pub fn seen(it: sdk::AliasTarget) -> Self {
        Alias {
            name: names::clean(&it.dns_name),
            zone_id: it.hosted_zone_id,
            evaluate_target_health: it.evaluate_target_health,
        }
    }
}

fn said(it: &Option<String>) -> Option<String> {
    it.clone().filter(|it| !it.is_empty())
}

impl Geolocation {
    pub fn sent(&self) -> sdk::GeoLocation {
        let it = sdk::GeoLocation::builder().set_continent_code(said(&self.continent));
        it.set_country_code(said(&self.country)).set_subdivision_code(said(&self.subdivision)).build()
    }
    pub fn seen(it: sdk::GeoLocation) -> Self {
        Geolocation {
            continent: it.continent_code,
            country: it.country_code,
            subdivision: it.subdivision_code,
        }
    }
}

impl Geoproximity {
    pub fn sent(&self) -> Result<sdk::GeoProximityLocation> {
        let point = self.coordinates.first().map(|it| {
            built(sdk::Coordinates::builder().latitude(&it.latitude).longitude(&it.longitude).build())
        });
        let it = sdk::GeoProximityLocation::builder().set_aws_region(said(&self.aws_region));
        let it = it.set_local_zone_group(said(&self.local_zone_group)).set_coordinates(point.transpose()?);
        Ok(it.bias(sent(&self.bias).unwrap_or(0)).build())
    }
    pub fn seen(it: sdk::GeoProximityLocation) -> Self {
        let point = it.coordinates.map(|it| Coordinates { latitude: it.latitude, longitude: it.longitude });
        Geoproximity {
            aws_region: it.aws_region,
            bias: seen(it.bias),
            local_zone_group: it.local_zone_group,
            coordinates: point.into_iter().collect(),
        }
    }
}

impl CidrRouting {
    pub fn sent(&self) -> Result<sdk::CidrRoutingConfig> {
        let it = sdk::CidrRoutingConfig::builder().collection_id(&self.collection_id);
        built(it.location_name(&self.location_name).build())
    }
    pub fn seen(it: sdk::CidrRoutingConfig) -> Self {
        CidrRouting { collection_id: it.collection_id, location_name: it.location_name }
    }
}
