//! Asking for leases and giving them back.

use std::io;
use std::time::{Duration, Instant};

use phasegate_record::event::Blocked;

use super::control::{Client, Party};
use super::wire::Wire;
use crate::fixture::Grant;
use crate::services::protocol::{Reply, Request};
use crate::services::service::Ask;
use crate::terms::{Error, Result};

/// How long a supervisor may take to take a lease back: more than it gives a service for that.
const PATIENCE: Duration = Duration::from_secs(60);

/// A lease that was made for an attempt.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) grant: Grant,
    pub(crate) took: Duration,
    party: Party,
    wire: Wire,
}

/// What came of giving a lease back.
#[derive(Debug)]
pub(crate) struct Released {
    pub(crate) took: Duration,
    /// What of it may still be there.
    pub(crate) error: Option<String>,
    /// The service died while the lease was held; how.
    pub(crate) interrupted: Option<String>,
}

impl Client {
    /// Waits for a lease. `Ok(None)` when `go_on` has come to say no.
    pub(crate) fn acquire(
        &self,
        service: &str,
        ask: &Ask,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Option<Acquired>, Blocked> {
        let began = Instant::now();
        let mut last = None;
        // A supervisor that is lost while it is asked is replaced; the next one is asked again.
        for _ in 0..2 {
            let party = self
                .party()
                .map_err(|error| no_supervisor(service, &error))?;
            match once(&party, service, ask, go_on) {
                Ok(None) => return Ok(None),
                Ok(Some((
                    Reply::Granted {
                        lease,
                        share,
                        stand_in,
                    },
                    wire,
                ))) => {
                    return Ok(Some(Acquired {
                        grant: Grant {
                            service: service.to_owned(),
                            lease,
                            share,
                            stand_in,
                            socket: party.socket.clone(),
                        },
                        took: began.elapsed(),
                        party,
                        wire,
                    }));
                }
                Ok(Some((Reply::Blocked { root, reason }, _))) => {
                    return Err(Blocked { root, reason });
                }
                Ok(Some((other, _))) => {
                    last = Some(Error::new(format_args!(
                        "the supervisor answered {other:?}"
                    )));
                }
                Err(error) => {
                    last = Some(Error::from(error));
                    self.await_loss(party.round);
                }
            }
        }
        let error = last.unwrap_or_else(|| Error::new("it did not answer"));
        let error = error.context("the supervisor of the services was lost");
        Err(no_supervisor(service, &error))
    }

    /// A connection broke: gives the listener of the supervisor a moment to notice its end, so
    /// that the next question goes to a new one.
    fn await_loss(&self, round: u32) {
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until && self.round() == round && !self.is_lost() {
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Gives a lease back. `suspect`: the attempt did not pass.
    pub(crate) fn release(&self, acquired: Acquired, suspect: bool) -> Released {
        let began = Instant::now();
        let Acquired {
            grant,
            party,
            mut wire,
            ..
        } = acquired;
        let request = Request::Release {
            lease: grant.lease,
            suspect,
        };
        let in_time = || began.elapsed() < PATIENCE;
        let (error, interrupted) = match wire.ask_while(&request, &in_time) {
            Ok(Some(Reply::Released { error, interrupted })) => (error, interrupted),
            Ok(None) => (
                Some(format!(
                    "{}: the supervisor of the services has not answered within {}",
                    grant.service,
                    humantime::format_duration(PATIENCE)
                )),
                None,
            ),
            Ok(Some(other)) => (Some(format!("the supervisor answered {other:?}")), None),
            Err(error) => {
                self.await_loss(party.round);
                (
                    None,
                    Some(format!(
                        "{}: the supervisor of the services was lost: {error}",
                        grant.service
                    )),
                )
            }
        };
        Released {
            took: began.elapsed(),
            error,
            interrupted,
        }
    }
}

fn once(
    party: &Party,
    service: &str,
    ask: &Ask,
    go_on: &dyn Fn() -> bool,
) -> io::Result<Option<(Reply, Wire)>> {
    let mut wire = Wire::connect(&party.socket)?;
    wire.send(&Request::Acquire {
        session: party.session,
        service: service.to_owned(),
        ask: ask.clone(),
    })?;
    Ok(wire.receive(go_on)?.map(|reply| (reply, wire)))
}

fn no_supervisor(service: &str, error: &Error) -> Blocked {
    Blocked {
        root: format!("service:{service}"),
        reason: format!("{service}: {error}"),
    }
}

/// Has the share of an attempt reset, from the attempt itself.
pub(crate) fn reset(grant: &Grant) -> Result {
    let mut wire = Wire::connect(&grant.socket).map_err(|error| {
        Error::from(error).context("the supervisor of the services cannot be reached")
    })?;
    match wire.ask(&Request::Reset { lease: grant.lease })? {
        Reply::Done { error: None } => Ok(()),
        Reply::Done { error: Some(error) } => Err(Error::new(error)),
        other => Err(Error::new(format_args!(
            "the supervisor answered {other:?} to a reset; this is a bug in phasegate"
        ))),
    }
}
