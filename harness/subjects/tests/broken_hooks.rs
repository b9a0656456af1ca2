//! Hooks that wait for a hook that is not there, and for each other.
#![allow(missing_docs)]

phasegate::main!();

#[phasegate::hook(before_run)]
fn warm_up() {}

#[phasegate::hook(before_run, after = ["warm_upp"])]
fn mistyped() {}

#[phasegate::hook(after_run, after = ["second"])]
fn first() {}

#[phasegate::hook(after_run, after = ["first"])]
fn second() {}

#[phasegate::test]
fn never_runs() {}
