//! What the attributes leave behind in the binary: plain constants, gathered by `inventory`.
//!
//! Generated code names these types through `::phasegate::__private` only.

use std::any::{Any, TypeId};

use phasegate_record::event::{HookPoint, Isolation};

use crate::fixture::{Needs, Session};
use crate::terms::TestResult;

/// What an attribute may say; the same for a test and for the suite around it.
#[derive(Debug, Clone, Copy)]
pub struct Attrs {
    /// `phase = "C"`
    pub phase: Option<&'static str>,
    /// `boundary = ["database"]`
    pub boundaries: &'static [&'static str],
    /// `tags = ["slow"]`
    pub tags: &'static [&'static str],
    /// `criterion = ["C-3"]`
    pub criteria: &'static [&'static str],
    /// `isolation = "thread"`
    pub isolation: Option<Isolation>,
    /// `timeout = "5s"`, in milliseconds
    pub timeout_ms: Option<u64>,
    /// `retries = 2`
    pub retries: Option<u32>,
    /// `serial = "group"`
    pub serial: Option<&'static str>,
    /// `ignore` or `ignore = "why"`
    pub ignore: Option<Ignore>,
    /// `should_panic` or `should_panic = "substring"`
    pub should_panic: Option<ShouldPanic>,
}

impl Attrs {
    /// Nothing said.
    pub const NONE: Self = Self {
        phase: None,
        boundaries: &[],
        tags: &[],
        criteria: &[],
        isolation: None,
        timeout_ms: None,
        retries: None,
        serial: None,
        ignore: None,
        should_panic: None,
    };
}

/// The test is not run unless asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ignore {
    /// Why, when said.
    pub reason: Option<&'static str>,
}

/// The test passes when it panics.
#[derive(Debug, Clone, Copy)]
pub struct ShouldPanic {
    /// Text that the panic's message must contain.
    pub expected: Option<&'static str>,
}

/// One `#[phasegate::test]` function.
pub struct TestDecl {
    /// `concat!(module_path!(), "::", "function")`, with the crate's name in front.
    pub path: &'static str,
    /// Names of the cases in source order; empty for a test without cases.
    pub cases: &'static [&'static str],
    /// `file!()`
    pub file: &'static str,
    /// `line!()`
    pub line: u32,
    /// SHA-256 of the function's tokens, hexadecimal.
    pub source_digest: &'static str,
    /// What its own attribute says.
    pub attrs: Attrs,
    /// Asks each fixture parameter what it needs; does nothing for a test without fixtures.
    pub needs: fn(&mut Needs),
    /// Acquires the fixtures and runs the body. The number is the index of the case (0 without).
    pub run: fn(&mut Session, usize) -> TestResult,
}

/// One `#[phasegate::suite]` module: its attributes hold for every test below `path`.
pub struct SuiteDecl {
    /// `module_path!()` inside the module.
    pub path: &'static str,
    /// `file!()`
    pub file: &'static str,
    /// `line!()`
    pub line: u32,
    /// What it says.
    pub attrs: Attrs,
}

/// One `#[phasegate::hook]` function.
pub struct HookDecl {
    /// As for a test.
    pub path: &'static str,
    /// What it is hung on.
    pub point: HookPoint,
    /// The phase; `None` means every phase (or does not apply).
    pub phase: Option<&'static str>,
    /// Names of hooks of the same point that must have run before this one.
    pub after: &'static [&'static str],
    /// `timeout = "5s"`, in milliseconds
    pub timeout_ms: Option<u64>,
    /// `file!()`
    pub file: &'static str,
    /// `line!()`
    pub line: u32,
    /// Runs it.
    pub run: fn(&mut Session) -> TestResult,
}

/// One `#[phasegate::preload]` function.
pub struct PreloadDecl {
    /// As for a test.
    pub path: &'static str,
    /// The type that it builds.
    pub type_id: fn() -> TypeId,
    /// Builds the value; called once in the fork server.
    pub build: fn() -> Box<dyn Any + Send + Sync>,
    /// `file!()`
    pub file: &'static str,
    /// `line!()`
    pub line: u32,
}

inventory::collect!(TestDecl);
inventory::collect!(SuiteDecl);
inventory::collect!(HookDecl);
inventory::collect!(PreloadDecl);
