//! What was asked of AWS: counted and traced, call by call.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::throttle;

/// How often each operation was called: by service and operation, such as `("EC2", "DescribeVpcs")`.
/// Every attempt counts.
pub type Calls = BTreeMap<(String, String), u64>;

/// Counts and traces; shared by all clients of one connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tracer(Arc<Mutex<Calls>>);

impl Tracer {
    pub fn calls(&self) -> Calls {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Carries the operation's name to where an error is made of the response.
const OPERATION: &str = "x-infra-operation";

/// `service Operation`, as the response's own call.
pub(crate) fn operation_of(response: &HttpResponse) -> String {
    response.headers().get(OPERATION).unwrap_or("this call").to_owned()
}

/// When the attempt began.
#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

/// How often AWS has refused the call so far as too fast.
#[derive(Debug)]
struct Refusals(u32);

impl Storable for Refusals {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Tracer {
    fn name(&self) -> &'static str {
        "infra calls"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(it) = cfg.load::<Metadata>() {
            let key = (it.service().to_owned(), it.name().to_owned());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        }
        cfg.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let refused = cfg.load::<Refusals>().map_or(0, |it| it.0);
        if let Some(it) = cfg.load::<Metadata>() {
            let (service, operation) = (it.service().to_owned(), it.name().to_owned());
            context.request_mut().add_extension(throttle::Call { service, operation, refused });
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            super::clock::heard(date);
        }
        if let Some(it) = cfg.load::<Metadata>() {
            let name = format!("{} {}", it.service(), it.name());
            context.response_mut().headers_mut().insert(OPERATION, name);
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Until it is answered otherwise, it waits because AWS throttles it.
        let place = context.response().and_then(|it| it.extension::<throttle::Place>());
        let waiting = place.map(throttle::Place::wait);
        if waiting.is_some() {
            let before = cfg.load::<Refusals>().map_or(0, |it| it.0);
            cfg.interceptor_state().store_put(Refusals(before + 1));
        }
        cfg.interceptor_state().store_put(throttle::Held(waiting));
        let (Some(call), Some(began)) = (cfg.load::<Metadata>(), cfg.load::<Began>()) else { return Ok(()) };
        let status = context.response().map_or(0, |it| it.status().as_u16());
        let took = began.0.elapsed().as_millis();
        tracing::debug!(target: "infra::aws", service = call.service(), operation = call.name(), status, ms = took);
        Ok(())
    }
}
