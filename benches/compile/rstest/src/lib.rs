//! Nothing: only the build of its test is of interest.
