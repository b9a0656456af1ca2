//! What a test body says of itself when it returns.

use std::cell::Cell;
use std::fmt::Debug;
use std::process::{ExitCode, Termination};

use phasegate_record::event::Failure;

use super::Error;

/// What a test, hook or fixture says of itself.
pub type TestResult = Result<(), Verdict>;

/// Why a body did not simply pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It failed.
    Failed(Failure),
    /// It does not apply here, and says why.
    Skipped(String),
}

impl Verdict {
    /// A failure without a place.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(Failure {
            message: message.into(),
            location: None,
        })
    }
}

impl From<Error> for Verdict {
    fn from(error: Error) -> Self {
        Self::Failed(Failure {
            message: error.to_string(),
            location: Some(error.location().to_string()),
        })
    }
}

/// A value that a body returned, on its way to becoming a [`TestResult`].
///
/// Generated code calls `(&&&Returned::new(value)).to_test_result()` with the three traits below
/// in scope. Method resolution takes the first that fits: our own error (with its place), any
/// `Result` whose error is `Debug`, anything else that may end a `main`.
pub struct Returned<T>(Cell<Option<T>>);

impl<T> Returned<T> {
    /// Wraps what the body returned.
    pub fn new(value: T) -> Self {
        Self(Cell::new(Some(value)))
    }

    fn take(&self) -> T {
        self.0.take().expect("generated code takes the value once")
    }
}

/// First choice: `phasegate::Result`.
pub trait ViaError {
    #[doc(hidden)]
    fn to_test_result(&self) -> TestResult;
}

/// Second choice: any `Result` whose error is `Debug`.
pub trait ViaDebug {
    #[doc(hidden)]
    fn to_test_result(&self) -> TestResult;
}

/// Last choice: what may be returned from `main`. Taken for anything else too, so that the
/// complaint is about the value and not about this trait.
pub trait ViaTermination {
    #[doc(hidden)]
    type Value;

    #[doc(hidden)]
    fn to_test_result(&self) -> TestResult
    where
        Self::Value: Conclusion;
}

/// What a test or a hook may return.
#[diagnostic::on_unimplemented(
    message = "a test or hook cannot return `{Self}`",
    label = "neither `()` nor a `Result` nor what else `main` may return",
    note = "return `()`, or a `Result<(), E>` whose error is `Debug`, such as `phasegate::Result`"
)]
pub trait Conclusion: Termination {}

impl<T: Termination> Conclusion for T {}

impl<T: Termination> ViaError for &&Returned<Result<T, Error>> {
    fn to_test_result(&self) -> TestResult {
        exit_code(self.take()?)
    }
}

impl<T: Termination, E: Debug> ViaDebug for &Returned<Result<T, E>> {
    fn to_test_result(&self) -> TestResult {
        let value = self
            .take()
            .map_err(|e| Verdict::failed(format!("the test returned an error: {e:?}")))?;
        exit_code(value)
    }
}

impl<T> ViaTermination for Returned<T> {
    type Value = T;

    fn to_test_result(&self) -> TestResult
    where
        T: Conclusion,
    {
        exit_code(self.take())
    }
}

fn exit_code(value: impl Termination) -> TestResult {
    match value.report() {
        ExitCode::SUCCESS => Ok(()),
        code => Err(Verdict::failed(format!("the test returned {code:?}"))),
    }
}

/// Carries the reason of [`skip!`](crate::skip) out of a test by unwinding.
pub(crate) struct Skip(pub(crate) String);

/// Leaves the test from any depth and reports it as skipped.
pub fn skip(reason: String) -> ! {
    std::panic::resume_unwind(Box::new(Skip(reason)))
}
