//! Files: a directory, or a part of an object store, for each test alone.
//!
//! * [`Files`] – the service. [`FileArea`] – what a test holds of it.
//! * [`object_store`] – the library that reaches the stores.
//!
//! The guide is `docs/drivers/files.md`.

mod area;
mod running;
mod seed;
mod service;
mod store;

pub use area::FileArea;
pub use object_store;
pub use running::{FilesRunning, FilesShare};
pub use service::Files;
