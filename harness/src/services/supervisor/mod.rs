//! The process that starts services, and outlives the harness to stop them.
//!
//! It is the test binary, executed again with [`ROLE`] in its environment, in a session of its own:
//! no signal that ends the tests reaches it. It ends when the harness that started it says so or is
//! gone; under a runner that starts a process for each test, when that runner is gone or nobody has
//! needed it for a while.
//!
//! * [`role`] – what it is told when it is started; making its directory.
//! * [`serve`] – its life: journal, socket, harnesses, end.
//! * [`connection`] – one connection.
//! * [`presence`] – who is there, and whether it is time to end.
//! * [`sweep`] – what earlier supervisors have left.

mod connection;
mod presence;
mod role;
mod serve;
mod sweep;

pub(crate) use role::{Ambushed, Life, ROLE, Role, open_directory, place};
pub(crate) use serve::{News, run};
pub(crate) use sweep::has_remains;
