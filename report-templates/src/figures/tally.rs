//! Counts whose parts add up to their total.

use super::{Ratio, Status, TestFigure};

/// Parts that do not make their whole. A report with such figures is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Uneven {
    /// A numerator is greater than its denominator.
    #[error("{part} is more than the whole of {whole}; this is a defect of phasegate, report it")]
    PartBeyondWhole {
        /// The numerator.
        part: u64,
        /// The denominator.
        whole: u64,
    },
    /// Parts that should make a total do not.
    #[error(
        "{what}: the parts make {parts}, the total is {total}; this is a defect of phasegate, report it"
    )]
    Sum {
        /// What was added up.
        what: String,
        /// Sum of the parts.
        parts: u64,
        /// The total.
        total: u64,
    },
}

/// How many tests there are of each [`Status`]. The total is counted by itself and checked
/// against the sum of the parts when the tally is built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    total: u64,
    parts: [u64; Status::ALL.len()],
}

impl Tally {
    /// Counts tests.
    ///
    /// # Errors
    ///
    /// When the parts do not make the total.
    pub fn of<'t, 'a: 't>(
        tests: impl IntoIterator<Item = &'t TestFigure<'a>>,
    ) -> Result<Self, Uneven> {
        let (mut total, mut parts) = (0, [0; Status::ALL.len()]);
        for test in tests {
            total += 1;
            for (count, status) in parts.iter_mut().zip(Status::ALL) {
                *count += u64::from(test.status == status);
            }
        }
        Self::checked(total, parts)
    }

    /// From counts in the order of [`Status::ALL`].
    ///
    /// # Errors
    ///
    /// When the parts do not make the total.
    pub fn checked(total: u64, parts: [u64; Status::ALL.len()]) -> Result<Self, Uneven> {
        let sum: u64 = parts.iter().sum();
        if sum != total {
            return Err(Uneven::Sum {
                what: "outcomes of tests".to_owned(),
                parts: sum,
                total,
            });
        }
        Ok(Self { total, parts })
    }

    /// All planned tests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Tests of one status.
    #[must_use]
    pub fn get(&self, status: Status) -> u64 {
        Status::ALL
            .iter()
            .position(|&candidate| candidate == status)
            .map_or(0, |index| self.parts[index])
    }

    /// Tests that passed, flaky ones included.
    #[must_use]
    pub fn passed(&self) -> u64 {
        self.get(Status::Passed)
    }

    /// The pass rate's denominator: all planned tests except those that are ignored and those of
    /// other shards.
    #[must_use]
    pub fn required(&self) -> u64 {
        self.total - self.get(Status::Ignored) - self.get(Status::OtherShard)
    }

    /// Passed tests of all required ones.
    ///
    /// # Errors
    ///
    /// Never for a tally that was built by this type; the error is that of [`Ratio::new`].
    pub fn pass_rate(&self) -> Result<Ratio, Uneven> {
        Ratio::new(self.passed(), self.required())
    }

    /// Failed, timed out, crashed and blocked tests.
    #[must_use]
    pub fn failing(&self) -> u64 {
        self.failures() + self.get(Status::Blocked)
    }

    /// Failed, timed out and crashed tests.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.get(Status::Failed) + self.get(Status::TimedOut) + self.get(Status::Crashed)
    }

    /// This one and another.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.total += other.total;
        for (part, more) in self.parts.iter_mut().zip(other.parts) {
            *part += more;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_do_not_add_up_are_refused() {
        let mut parts = [0; Status::ALL.len()];
        parts[0] = 98;
        let refused = Tally::checked(36, parts).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("the parts make 98, the total is 36")
        );
    }

    #[test]
    fn ignored_tests_and_other_shards_leave_the_denominator_and_nothing_else_does() {
        let tally = Tally::checked(11, [1; Status::ALL.len()]).unwrap();
        assert_eq!(tally.required(), 9);
        assert_eq!(tally.pass_rate().unwrap(), Ratio::new(1, 9).unwrap());
        assert_eq!(tally.failing(), 4);
    }
}
