//! What reports call tests.

use super::output::shorten;
use crate::figures::{RunFigures, TestFigure};

/// Bytes of a name that are shown.
const MAX_NAME: usize = 300;

/// How tests are called: by name alone where that is unambiguous.
#[derive(Debug, Clone, Copy)]
pub struct Naming {
    packages: bool,
    binaries: bool,
}

impl Naming {
    /// Looks at which packages and binaries take part in the run.
    #[must_use]
    pub fn of(run: &RunFigures<'_>) -> Self {
        let pairs = || run.tests.windows(2);
        Self {
            packages: pairs().any(|pair| pair[0].package != pair[1].package),
            binaries: pairs().any(|pair| pair[0].binary != pair[1].binary),
        }
    }

    /// What a report calls a test.
    #[must_use]
    pub fn name(self, test: &TestFigure<'_>) -> String {
        let name = shorten(&test.plan.name, MAX_NAME);
        match (self.packages, self.binaries) {
            (true, _) => format!("{}::{} {name}", test.package, test.binary),
            (false, true) => format!("{} {name}", test.binary),
            (false, false) => name,
        }
    }
}
