//! Services without their types. What panics in them comes out as an error.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use super::Host;
use super::caught::caught;
use super::service::{Ask, Running, Service};
use crate::terms::{Error, Result};

type Later<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// [`Service`] without its types.
pub trait AnyService: Send + Sync {
    #[doc(hidden)]
    fn start<'a>(&'a self, host: &'a Host) -> Later<'a, Box<dyn AnyRunning>>;
    #[doc(hidden)]
    fn undo(&self, left: Value) -> Later<'_>;
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;
}

/// [`Running`] without its types.
pub trait AnyRunning: Send + Sync {
    #[doc(hidden)]
    fn url(&self) -> Option<String>;
    #[doc(hidden)]
    fn probe(&self) -> Later<'_>;
    #[doc(hidden)]
    fn lease<'a>(&'a self, ask: &'a Ask) -> Later<'a, Value>;
    #[doc(hidden)]
    fn reset(&self, share: Value) -> Later<'_>;
    #[doc(hidden)]
    fn reclaim(&self, share: Value) -> Later<'_>;
    #[doc(hidden)]
    fn stop(&self) -> Later<'_>;
}

struct Erased<S>(S);

/// Takes the types off a service.
pub fn erase<S: Service>(service: S) -> Box<dyn AnyService> {
    Box::new(Erased(service))
}

impl<S: Service> AnyService for Erased<S> {
    fn start<'a>(&'a self, host: &'a Host) -> Later<'a, Box<dyn AnyRunning>> {
        Box::pin(caught(async move {
            let running = self.0.start(host).await?;
            Ok(Box::new(ErasedRunning(running)) as Box<dyn AnyRunning>)
        }))
    }

    fn undo(&self, left: Value) -> Later<'_> {
        Box::pin(caught(async move { self.0.undo(left).await }))
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}

struct ErasedRunning<R>(R);

fn typed<T: serde::de::DeserializeOwned>(share: Value) -> Result<T> {
    serde_json::from_value(share)
        .map_err(|error| Error::from(error).context("a share of the service cannot be read"))
}

impl<R: Running> AnyRunning for ErasedRunning<R> {
    fn url(&self) -> Option<String> {
        self.0.url()
    }

    fn probe(&self) -> Later<'_> {
        Box::pin(caught(async { self.0.probe().await }))
    }

    fn lease<'a>(&'a self, ask: &'a Ask) -> Later<'a, Value> {
        Box::pin(caught(async move {
            let share = self.0.lease(ask).await?;
            Ok(serde_json::to_value(share)?)
        }))
    }

    fn reset(&self, share: Value) -> Later<'_> {
        Box::pin(caught(async move { self.0.reset(&typed(share)?).await }))
    }

    fn reclaim(&self, share: Value) -> Later<'_> {
        Box::pin(caught(async move { self.0.reclaim(&typed(share)?).await }))
    }

    fn stop(&self) -> Later<'_> {
        Box::pin(caught(async { self.0.stop().await }))
    }
}
