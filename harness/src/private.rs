//! The one door for generated code. Nothing here is API; all of it may change in any release.

pub use inventory;
pub use phasegate_record::event::{HookPoint, Isolation};

use crate::fixture::Facts;
pub use crate::fixture::{Context, Fixture, HookArg, Needs, Session};
pub use crate::registry::declaration::{
    Attrs, HookDecl, Ignore, PreloadDecl, ShouldPanic, SuiteDecl, TestDecl,
};
#[cfg(feature = "services")]
pub use crate::services::declaration::RESTARTS;
#[cfg(feature = "services")]
pub use crate::services::{AnyService, Service, ServiceDecl, Which, erase};
pub use crate::session::main;
pub use crate::terms::{
    Result as FixtureResult, Returned, TestResult, Verdict, ViaDebug, ViaError, ViaTermination,
    skip,
};

/// What the stub under `#[test]` does: it only ever runs when the target lacks `harness = false`.
pub fn stub_ran() -> ! {
    panic!(
        "this test runs under phasegate, but its target is built with the standard harness; \
         add `harness = false` to its `[[test]]` section in Cargo.toml and `phasegate::main!();` to its root file"
    )
}

/// A session that belongs to no run, for tests of generated code.
pub fn detached_session() -> Session {
    Session::new(Context::new(Facts::default()))
}

/// The arm of a test's cases that nothing reaches.
pub fn no_such_case(case: usize) -> ! {
    panic!("the test has no case {case}; this is a bug in phasegate")
}

/// What `main!` knows at compile time about the test binary.
#[derive(Debug, Clone, Copy)]
pub struct Binary {
    /// `env!("CARGO_PKG_NAME")`
    pub package: &'static str,
    /// `env!("CARGO_CRATE_NAME")`
    pub target: &'static str,
    /// `env!("CARGO_MANIFEST_DIR")`
    pub manifest_dir: &'static str,
    /// By these bytes the plugin tells from the file alone that an executable is one of ours: to
    /// run another one to ask it would run its tests. They stand in the code of `main!`, because
    /// this crate is linked into executables without it, too.
    pub marker: &'static str,
}
