//! Leases around an attempt: acquired before it starts, given back whatever became of it.

use phasegate_record::event::{Blocked, LeaseUse};

use super::stop::Stop;
use crate::fixture::Facts;
#[cfg(feature = "services")]
use crate::services::client::{Acquired, Client};

/// Where leases come from; nowhere without services.
#[derive(Default)]
pub(crate) struct Leasing {
    #[cfg(feature = "services")]
    client: Option<Client>,
}

/// The leases of one attempt.
#[derive(Default)]
pub(crate) struct Leases {
    #[cfg(feature = "services")]
    held: Vec<Acquired>,
}

/// What came of asking for the leases of an attempt.
#[cfg_attr(not(feature = "services"), allow(dead_code))]
pub(crate) enum Hold {
    Held(Leases),
    /// A service is not there.
    Blocked(Blocked),
    /// The run was stopped while they were waited for.
    Stopped,
}

/// What came of giving the leases of an attempt back.
#[derive(Default)]
pub(crate) struct GivenBack {
    pub(crate) uses: Vec<LeaseUse>,
    /// What may still be there.
    pub(crate) errors: Vec<String>,
    /// The service that died while the attempt ran.
    pub(crate) interrupted: Option<Blocked>,
}

#[cfg(not(feature = "services"))]
impl Leasing {
    /// Makes no leases.
    #[allow(clippy::unused_self)]
    pub(crate) fn hold(&self, _: &[String], _: &mut Facts, _: &Stop) -> Hold {
        Hold::Held(Leases::default())
    }

    /// Gives nothing back.
    #[allow(clippy::unused_self)]
    pub(crate) fn give_back(&self, _: Leases, _: bool) -> GivenBack {
        GivenBack::default()
    }
}

#[cfg(feature = "services")]
impl Leasing {
    /// Leases from this supervisor's services.
    pub(crate) fn new(client: Option<Client>) -> Self {
        Self { client }
    }

    /// The supervisor, if any service needs one.
    pub(crate) fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Waits for a lease of each service, in the order of their names: two attempts that wait for
    /// each other's would wait for ever otherwise.
    pub(crate) fn hold(&self, services: &[String], facts: &mut Facts, stop: &Stop) -> Hold {
        use crate::services::Ask;
        let mut leases = Leases::default();
        let Some(client) = &self.client else {
            return Hold::Held(leases);
        };
        let ask = Ask {
            test: facts.test.clone(),
            attempt: facts.attempt,
            namespace: facts.namespace.clone(),
        };
        for service in services.iter().filter(|name| is_started(name)) {
            match client.acquire(service, &ask, &|| !stop.requested()) {
                Ok(Some(acquired)) => {
                    facts.leases.push(acquired.grant.clone());
                    leases.held.push(acquired);
                }
                Ok(None) => {
                    self.give_back(leases, false);
                    return Hold::Stopped;
                }
                Err(blocked) => {
                    self.give_back(leases, false);
                    return Hold::Blocked(blocked);
                }
            }
        }
        Hold::Held(leases)
    }

    /// Gives leases back, last acquired first. `suspect`: the attempt did not pass.
    pub(crate) fn give_back(&self, leases: Leases, suspect: bool) -> GivenBack {
        let mut back = GivenBack::default();
        let Some(client) = &self.client else {
            return back;
        };
        for acquired in leases.held.into_iter().rev() {
            let (service, stand_in) = (acquired.grant.service.clone(), acquired.grant.stand_in);
            let acquire_us = micros(acquired.took);
            let released = client.release(acquired, suspect);
            if let Some(reason) = released.interrupted {
                back.interrupted.get_or_insert(Blocked {
                    root: format!("service:{service}"),
                    reason,
                });
            }
            back.errors.extend(released.error);
            back.uses.push(LeaseUse {
                service,
                acquire_us,
                release_us: micros(released.took),
                stand_in,
            });
        }
        back.uses.reverse();
        back
    }
}

/// Whether something is started for the service: those of a test's own process need nothing.
#[cfg(feature = "services")]
fn is_started(name: &str) -> bool {
    crate::services::declaration::by_name(name).is_some_and(|decl| !decl.embedded)
}

#[cfg(feature = "services")]
fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
