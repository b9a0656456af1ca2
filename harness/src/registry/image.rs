//! The declarations of this very image, in the order in which they were loaded.
//!
//! That order is the same in every process that runs the image, so a place in it names a
//! declaration across processes.

use std::sync::OnceLock;

use phasegate_record::event::HookPoint;
use serde::{Deserialize, Serialize};

use super::declaration::{HookDecl, TestDecl};

/// What is to run.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// A test, and which of its cases.
    Test(&'static TestDecl, usize),
    /// A hook around the run or a phase.
    Hook(&'static HookDecl),
}

/// A body, named across processes of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BodyRef {
    /// Place among the tests, and the case.
    Test(usize, usize),
    /// Place among the hooks, as sorted by [`hooks`].
    Hook(usize),
}

/// All tests of the image.
pub(crate) fn tests() -> &'static [&'static TestDecl] {
    static ALL: OnceLock<Vec<&'static TestDecl>> = OnceLock::new();
    ALL.get_or_init(|| inventory::iter::<TestDecl>.into_iter().collect())
}

/// All hooks of the image, in the order in which those of one point run.
pub(crate) fn hooks() -> &'static [&'static HookDecl] {
    static ALL: OnceLock<Vec<&'static HookDecl>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<_> = inventory::iter::<HookDecl>.into_iter().collect();
        all.sort_by_key(|h| (h.file, h.line, h.path));
        super::hooks::in_order(all)
    })
}

/// The hooks of one point that apply to a phase, in the order in which they run.
pub(crate) fn hooks_at(
    point: HookPoint,
    phase: Option<&str>,
) -> impl Iterator<Item = &'static HookDecl> {
    hooks()
        .iter()
        .copied()
        .filter(move |h| h.point == point && (h.phase.is_none() || h.phase == phase))
}

/// The body that a name stands for.
pub(crate) fn body(of: BodyRef) -> Body {
    match of {
        BodyRef::Test(index, case) => Body::Test(tests()[index], case),
        BodyRef::Hook(index) => Body::Hook(hooks()[index]),
    }
}

/// Builds the tables, so that processes forked from this one find them built.
pub(crate) fn warm() {
    tests();
    hooks();
}
