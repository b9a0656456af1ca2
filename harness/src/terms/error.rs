//! The error that tests, fixtures and hooks return.

use std::fmt;
use std::panic::Location;

/// Shorthand for what a test, a fixture or a hook returns.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Any error, with the place where `?` met it and the chain of its causes.
///
/// Every `std::error::Error` converts into it, as does text through [`Error::new`]:
///
/// ```
/// fn parse(text: &str) -> phasegate::Result<u16> {
///     let port: u16 = text.parse()?;
///     if port < 1024 {
///         return Err(phasegate::Error::new("ports below 1024 are reserved"));
///     }
///     Ok(port)
/// }
/// assert!(parse("x").unwrap_err().to_string().contains("invalid digit"));
/// ```
///
/// Like `anyhow::Error` it does not implement `std::error::Error` itself, so that the conversion
/// can exist.
pub struct Error {
    message: String,
    causes: Vec<String>,
    location: &'static Location<'static>,
}

impl Error {
    /// From text alone.
    #[track_caller]
    pub fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            causes: Vec::new(),
            location: Location::caller(),
        }
    }

    /// Puts what was being done in front of what went wrong.
    #[must_use]
    pub fn context(mut self, doing: impl fmt::Display) -> Self {
        let inner = std::mem::replace(&mut self.message, doing.to_string());
        self.causes.insert(0, inner);
        self
    }

    /// Where the error entered phasegate's hands.
    #[must_use]
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }
}

impl<E: std::error::Error> From<E> for Error {
    #[track_caller]
    fn from(error: E) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        Self {
            message: error.to_string(),
            causes,
            location: Location::caller(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // Many errors already quote their cause; saying it twice helps nobody.
        let mut said = self.message.as_str();
        for cause in &self.causes {
            if !said.contains(cause.as_str()) {
                write!(f, ": {cause}")?;
            }
            said = cause;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} (at {})", self.location)
    }
}
