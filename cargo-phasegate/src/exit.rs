//! Exit codes, chosen once.

/// All is well.
pub(crate) const FINE: u8 = 0;
/// The tool did its job and found something: a gate that is not met or not computed, a record that
/// was changed or is incomplete.
pub(crate) const FINDINGS: u8 = 1;
/// The command line or the configuration makes no sense. (clap ends with this code, too.)
pub(crate) const USAGE: u8 = 2;
/// The tool could not do its job.
pub(crate) const FAILED: u8 = 3;

/// Ctrl-C ended a run; the shell's code.
pub(crate) const INTERRUPTED: u8 = 130;

/// The table at the end of `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  all is well
  1  findings: a gate is not met or not computed, a record was changed or is incomplete
  2  the command line or the configuration makes no sense
  3  the tool could not do its job
130  Ctrl-C ended a run";
