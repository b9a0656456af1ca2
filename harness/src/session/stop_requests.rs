//! Ctrl-C and its relatives.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use super::stages::Shared;
use crate::console::lines;
use crate::execution::limits::Stopping;

/// Takes requests to stop on a thread of its own. The first asks the tests to end, the second
/// ends them, the third gives up on closing the record.
pub(super) fn watch(shared: &Arc<Shared>) -> Arc<AtomicI32> {
    let signal = Arc::new(AtomicI32::new(0));
    #[cfg(unix)]
    {
        let seen = Arc::clone(&signal);
        let shared = Arc::clone(shared);
        crate::execution::hold_stop_requests();
        let started = std::thread::Builder::new().name("phasegate-signals".to_owned()).spawn(move || {
            loop {
                let number = crate::execution::take_stop_request();
                let again = seen.swap(number, Ordering::SeqCst) != 0;
                match shared.schedule.stop.request_by(number) {
                    _ if shared.schedule.stop.asked() > 2 => {
                        crate::execution::exit_guard::disarm();
                        std::process::exit(128 + number)
                    }
                    Stopping::Now if again => lines::note("ending the running tests now"),
                    _ => lines::note("stopping: the running tests are asked to end; once more ends them at once"),
                }
            }
        });
        if let Err(error) = started {
            lines::note(&format!(
                "cannot watch for signals: {error}; Ctrl-C will end the harness at once"
            ));
        }
    }
    signal
}
