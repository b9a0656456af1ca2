//! What a driver implements.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Host;
use crate::fixture::Context;
use crate::terms::{Error, Result};

/// A kind of service: how to start it, and what a test is handed of it.
///
/// A value of it is a description (`Postgres::local().migrations("migrations")`): making one does
/// nothing. `#[phasegate::service]` functions return one, and are called in each process that
/// needs it: in the supervisor to start the service, in a test to open its lease.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no service",
    label = "no driver: it does not implement `phasegate::services::Service`",
    note = "return a driver, such as `Postgres`, `Redis` or `Command` from `phasegate::drivers` (each behind the cargo feature of its name), or write `impl Service for …`"
)]
pub trait Service: Send + Sync + Sized + 'static {
    /// Word for it in records and reports: `postgres`.
    const KIND: &'static str;

    /// Tests make it in their own process: nothing is started, and no supervisor is needed.
    const EMBEDDED: bool = false;

    /// The started service.
    type Running: Running;

    /// What a test reaches through its lease: [`Lease`](super::Lease) dereferences to it.
    type Handle: Send + Sync + 'static;

    /// Starts the service and returns once it is ready. Runs in the supervisor, again after the
    /// service has died. What it creates goes below [`Host::dir`], or is journalled first.
    ///
    /// # Errors
    /// Why it is not ready; the last lines of its log are added by the caller.
    fn start(&self, host: &Host) -> impl Future<Output = Result<Self::Running>> + Send;

    /// Makes of a share what the test is handed. Runs in the test's process, before the test; what
    /// is to be undone or verified there is registered with [`Context::on_release`]. `service` is
    /// the service's name.
    ///
    /// # Errors
    /// Why it cannot; the test fails with it.
    fn open(
        &self,
        share: <Self::Running as Running>::Share,
        cx: &Context,
        service: &'static str,
    ) -> impl Future<Output = Result<Self::Handle>>;

    /// The test's part of a reset, after [`Running::reset`]: what the handle itself remembers.
    ///
    /// # Errors
    /// Why it cannot.
    fn reset(&self, handle: &Self::Handle) -> impl Future<Output = Result> {
        let _ = handle;
        async { Ok(()) }
    }

    /// Undoes what [`Host::intend`] announced, when the supervisor that announced it is gone.
    /// Idempotent: the thing may never have been made, or be undone already.
    ///
    /// # Errors
    /// Why it may still be there.
    fn undo(&self, left: Value) -> impl Future<Output = Result> + Send {
        async move {
            Err(Error::new(format_args!(
                "this driver cannot undo what was announced: {left}"
            )))
        }
    }
}

/// A started service, in the supervisor.
pub trait Running: Send + Sync + 'static {
    /// One test's share; crosses processes as JSON.
    type Share: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Where it listens, for services that are configured with it and for reports. No password.
    fn url(&self) -> Option<String> {
        None
    }

    /// Whether it answers now.
    ///
    /// # Errors
    /// What it said instead.
    fn probe(&self) -> impl Future<Output = Result> + Send;

    /// Makes a share that no other attempt can see. Waits where the service has no room for it.
    ///
    /// # Errors
    /// Why there is none.
    fn lease(&self, ask: &Ask) -> impl Future<Output = Result<Self::Share>> + Send;

    /// Makes a share as it was when it was leased, while its test runs. It stays valid: same
    /// addresses, same names.
    ///
    /// # Errors
    /// Why it cannot; the test is told.
    fn reset(&self, share: &Self::Share) -> impl Future<Output = Result> + Send;

    /// Takes a share back, whatever state its test left it in. Idempotent.
    ///
    /// # Errors
    /// What of it may still be there; recorded.
    fn reclaim(&self, share: &Self::Share) -> impl Future<Output = Result> + Send;

    /// Stops the service. Its directory is removed afterwards by the caller.
    ///
    /// # Errors
    /// What may still run; recorded, and ended by force.
    fn stop(&self) -> impl Future<Output = Result> + Send;
}

/// For whom a lease is.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Ask {
    /// Name of the test.
    pub test: String,
    /// Which attempt at it, from 1.
    pub attempt: u32,
    /// As [`Context::namespace`]: unique to the attempt, fit for names.
    pub namespace: String,
}

/// The started half of a service that has none: [`Service::EMBEDDED`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Running for Embedded {
    type Share = ();

    async fn probe(&self) -> Result {
        Ok(())
    }

    async fn lease(&self, _: &Ask) -> Result<()> {
        Ok(())
    }

    async fn reset(&self, (): &()) -> Result {
        Ok(())
    }

    async fn reclaim(&self, (): &()) -> Result {
        Ok(())
    }

    async fn stop(&self) -> Result {
        Ok(())
    }
}
