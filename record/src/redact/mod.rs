//! Takes secrets out before they reach a record.
//!
//! * [`Redactor`] – knows the secrets of this run by value, and a few kinds of secret by shape.

mod json;
mod names;
mod redactor;
mod secret;
mod shapes;

pub use redactor::Redactor;
