//! Container definitions on their way to AWS and back: as JSON, past the SDK's own shapes, which know no
//! text form.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value as Json;

use super::Containers;
use crate::aws::Error;

const NAME: &str = "containerDefinitions";

/// The request with the definitions in it, before it is signed.
pub fn with(mut request: HttpRequest, containers: &Containers) -> Result<HttpRequest, Error> {
    let body = request.body().bytes().and_then(|it| serde_json::from_slice::<Json>(it).ok());
    let Some(Json::Object(mut body)) = body else {
        return Err(Error::Shape("the request holds no JSON to put the containers into".to_owned()));
    };
    body.insert(NAME.to_owned(), containers.json());
    let text = Json::Object(body).to_string();
    request.headers_mut().insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
    Ok(request)
}

/// Keeps the body of an answer.
#[derive(Debug, Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    /// The definitions in the task definition that the answer tells of.
    pub fn containers(&self) -> Containers {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
        Containers::seen(&answer["taskDefinition"][NAME])
    }
}

impl Intercept for Heard {
    fn name(&self) -> &'static str {
        "infra container definitions"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default().to_vec();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body;
        Ok(())
    }
}
