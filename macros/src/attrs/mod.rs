//! What is written in an attribute, as typed values. No code is generated here.
//!
//! * [`argument`] – splits `a = 1, b` into named arguments; [`value`] reads one argument's value.
//! * [`terms`] – what a test and a suite may both say.
//! * [`hook`], [`service`], [`fixture`] – the arguments of the other attributes.
//! * [`case`], [`builtin`] – attributes that stand beside `#[phasegate::test]` on the function.

pub(crate) mod argument;
pub(crate) mod builtin;
pub(crate) mod case;
pub(crate) mod fixture;
pub(crate) mod hook;
pub(crate) mod service;
pub(crate) mod terms;
pub(crate) mod value;
