//! Which executables are phasegate binaries.
//!
//! Cargo does not say which targets have `harness = false`, and asking an executable by running it
//! would run its tests if it is not ours. `phasegate::main!` therefore leaves a mark in the file.

use std::fs;
use std::io;
use std::path::Path;

use memchr::memmem;

/// The mark that `phasegate::main!` leaves; its number rises when binaries start to want other
/// arguments than the ones given here.
const MARKER: &[u8] = b"phasegate-test-binary:v1";

/// Whether the executable holds the mark.
pub(super) fn is_phasegate(executable: &Path) -> io::Result<bool> {
    Ok(memmem::find(&fs::read(executable)?, MARKER).is_some())
}
