//! The test's side of a service.

use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::declaration::{ServiceDecl, Sole, Which, services};
use super::service::{Running, Service};
use super::{client, declaration};
use crate::fixture::{Context, Fixture, Grant, Needs, Wanted};
use crate::terms::{Error, Result};

/// A test's private share of a service: its own database, its own keys, its own mock server.
///
/// It is acquired before the test starts and taken back after it, whatever became of the test. A
/// second lease of the same service in one test, in a pattern for instance, is the same share.
///
/// ```ignore
/// #[phasegate::service(boundary = "database")]
/// fn database() -> Postgres { Postgres::local().migrations("migrations") }
///
/// #[phasegate::test(phase = "A")]
/// async fn accounts_are_empty_at_first(db: Lease<Postgres>) -> phasegate::Result {
///     let rows = db.client().await?.query("SELECT * FROM account", &[]).await?;
///     assert!(rows.is_empty());
///     Ok(())
/// }
/// ```
///
/// Where two services have one type, the function's name tells them apart:
/// `Lease<Postgres, archive>`.
pub struct Lease<S: Service, N: Which = Sole> {
    handle: Arc<S::Handle>,
    decl: &'static ServiceDecl,
    grant: Option<Grant>,
    which: PhantomData<N>,
}

impl<S: Service, N: Which> Lease<S, N> {
    /// Makes the share as it was when the test began: databases as migrated, keys and recorded
    /// calls gone. Addresses and names stay.
    ///
    /// # Errors
    /// What the service says.
    pub async fn reset(&self) -> Result {
        if let Some(grant) = self.grant.clone() {
            // The supervisor is asked over a blocking socket.
            tokio::task::spawn_blocking(move || client::reset(&grant)).await??;
        }
        let service = (self.decl.make)();
        typed::<S>(self.decl, service.as_any())?
            .reset(&self.handle)
            .await
    }

    /// Name of the service.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.decl.name
    }
}

impl<S: Service, N: Which> Deref for Lease<S, N> {
    type Target = S::Handle;

    fn deref(&self) -> &S::Handle {
        &self.handle
    }
}

impl<S: Service, N: Which> Clone for Lease<S, N> {
    fn clone(&self) -> Self {
        Self {
            handle: Arc::clone(&self.handle),
            decl: self.decl,
            grant: self.grant.clone(),
            which: PhantomData,
        }
    }
}

impl<S: Service, N: Which> fmt::Debug for Lease<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("service", &self.decl.name)
            .finish_non_exhaustive()
    }
}

impl<S: Service, N: Which> Fixture for Lease<S, N> {
    fn declare(needs: &mut Needs) {
        needs.service(Wanted {
            type_id: TypeId::of::<S>(),
            type_name: std::any::type_name::<S>,
            name: N::NAME,
        });
    }

    async fn acquire(cx: &Context) -> Result<Self> {
        let decl = find(&Wanted {
            type_id: TypeId::of::<S>(),
            type_name: std::any::type_name::<S>,
            name: N::NAME,
        })
        .map_err(Error::new)?;
        let grant = cx.grant(decl.name);
        if let Some(handle) = cx.held::<S::Handle>(decl.name) {
            return Ok(Self {
                handle,
                decl,
                grant,
                which: PhantomData,
            });
        }
        let share = match &grant {
            Some(grant) => grant.share.clone(),
            None if decl.embedded => serde_json::Value::Null,
            None => {
                return Err(Error::new(format_args!(
                    "no lease of `{}` was made for this test: a fixture acquired it that did not declare it; take it as a parameter, or call `<Lease<_> as Fixture>::declare` in the fixture's own `declare`",
                    decl.name
                )));
            }
        };
        let share: <S::Running as Running>::Share = serde_json::from_value(share)
            .map_err(|e| Error::from(e).context("the lease that came cannot be read"))?;
        let made = match (&grant, decl.fallback) {
            (Some(grant), Some(fallback)) if grant.stand_in => fallback(),
            _ => (decl.make)(),
        };
        let service = typed::<S>(decl, made.as_any())?;
        let handle = Arc::new(service.open(share, cx, decl.name).await?);
        cx.hold(decl.name, Arc::clone(&handle));
        Ok(Self {
            handle,
            decl,
            grant,
            which: PhantomData,
        })
    }
}

fn typed<'a, S: Service>(decl: &ServiceDecl, made: &'a dyn std::any::Any) -> Result<&'a S> {
    made.downcast_ref().ok_or_else(|| {
        Error::new(format_args!(
            "the service `{}` made something that is no `{}`; this is a bug in phasegate",
            decl.name,
            std::any::type_name::<S>()
        ))
    })
}

/// The service that is meant, or what to write so that it is clear.
pub(crate) fn find(wanted: &Wanted) -> std::result::Result<&'static ServiceDecl, String> {
    let of_type: Vec<&'static ServiceDecl> = services()
        .iter()
        .copied()
        .filter(|decl| (decl.type_id)() == wanted.type_id)
        .collect();
    let short = short((wanted.type_name)());
    match (wanted.name, of_type.as_slice()) {
        (Some(name), _) => declaration::by_name(name)
            .filter(|decl| (decl.type_id)() == wanted.type_id)
            .ok_or_else(|| {
                format!("there is no service `{name}` of type `{short}`; declare one with `#[phasegate::service]`")
            }),
        (None, [one]) => Ok(one),
        (None, []) => Err(format!(
            "no service of type `{short}` is declared; write `#[phasegate::service(boundary = \"…\")] fn name() -> {short} {{ … }}` in this test binary"
        )),
        (None, many) => {
            let names: Vec<&str> = many.iter().map(|decl| decl.name).collect();
            Err(format!(
                "`Lease<{short}>` could be any of {}; write `Lease<{short}, {}>`",
                names.join(", "),
                names[0]
            ))
        }
    }
}

fn short(name: &'static str) -> &'static str {
    name.rsplit("::").next().unwrap_or(name)
}
