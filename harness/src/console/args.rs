//! The command line: libtest's arguments, with the same meanings, and ours beside them.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueEnum};
use phasegate_record::event::Shard;
use phasegate_record::scope::Scope;

use crate::plan::shard;

const EXAMPLES: &str = "\
Examples:
  cargo test --test integration -- session        tests whose name contains `session`
  cargo test --test integration -- -E 'phase(C) & boundary(cache) - test(/slow/)'
  cargo test --test integration -- --shuffle      in a random order, with its seed printed
  cargo test --test integration -- --shard 2/5    the second of five parts

Environment:
  RUST_TEST_THREADS, RUST_TEST_NOCAPTURE, RUST_TEST_SHUFFLE, RUST_TEST_SHUFFLE_SEED as in libtest
  PHASEGATE_NO_TESTS=pass    a run that selects no test is no error
  PHASEGATE_RUN_ID=ID        the run that this process is part of
  NO_COLOR                   no colours

Exit codes: 0 all passed; 101 a test did not pass; 2 wrong usage, configuration or declaration;
3 the record or a report could not be written; 4 no test was selected; 130 or 143 interrupted.";

/// A phasegate test binary.
#[derive(Debug, Parser)]
#[command(about = "Runs the tests of this binary, each apart from the others, and writes their record.", after_help = EXAMPLES, disable_version_flag = true)]
pub(crate) struct Args {
    /// Run tests whose name contains one of these
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// Match filters against whole names
    #[arg(long)]
    pub(crate) exact: bool,
    /// Leave out tests whose name contains FILTER (may be given several times)
    #[arg(long, value_name = "FILTER")]
    pub(crate) skip: Vec<String>,
    /// Run tests in this scope, such as `phase(C) & boundary(cache)`
    #[arg(short = 'E', long, value_name = "EXPR", value_parser = scope)]
    pub(crate) scope: Option<Scope>,
    /// Run only ignored tests
    #[arg(long)]
    pub(crate) ignored: bool,
    /// Run ignored tests too
    #[arg(long)]
    pub(crate) include_ignored: bool,
    /// Leave out tests that should panic
    #[arg(long)]
    pub(crate) exclude_should_panic: bool,
    /// Run one of several parts
    #[arg(long, value_name = "I/N", value_parser = shard::parse)]
    pub(crate) shard: Option<Shard>,
    /// List the tests instead of running them
    #[arg(long)]
    pub(crate) list: bool,
    /// How many tests run at the same time
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) test_threads: Option<NonZeroUsize>,
    /// Show output as it comes
    #[arg(long, visible_alias = "no-capture")]
    pub(crate) nocapture: bool,
    /// Show the output of tests that passed, too
    #[arg(long)]
    pub(crate) show_output: bool,
    /// Stop after the first test that does not pass
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Run in a random order
    #[arg(long)]
    pub(crate) shuffle: bool,
    /// Run in the random order of this seed
    #[arg(long, value_name = "SEED")]
    pub(crate) shuffle_seed: Option<u64>,
    /// Seed of everything random in the tests
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<u64>,
    /// What a run that selects no test means
    #[arg(long, value_enum, value_name = "fail|pass", default_value = "fail")]
    pub(crate) no_tests: NoTests,
    /// One character a test
    #[arg(short, long, conflicts_with = "format")]
    pub(crate) quiet: bool,
    /// Format of the output
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Write each test's result to this file, too
    #[arg(long, value_name = "PATH")]
    pub(crate) logfile: Option<PathBuf>,
    /// Say how long each test took
    #[arg(long, value_name = "plain|colored", num_args = 0..=1, require_equals = true, default_missing_value = "plain")]
    pub(crate) report_time: Option<String>,
    /// Hold tests to the time limit of RUST_TEST_TIME_INTEGRATION (`warn,critical` in milliseconds)
    #[arg(long)]
    pub(crate) ensure_time: bool,
    /// Run every test in this process, whatever it declares
    #[arg(long)]
    pub(crate) force_run_in_process: bool,
    /// Accepted for libtest's sake
    #[arg(long, hide = true)]
    pub(crate) test: bool,
    /// Run benchmarks: there are none
    #[arg(long, hide = true)]
    pub(crate) bench: bool,
    /// Accepted for libtest's sake
    #[arg(short = 'Z', value_name = "FLAG", hide = true, action = ArgAction::Append, value_parser = ["unstable-options"])]
    pub(crate) unstable: Vec<String>,
}

/// What a run that selects no test means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoTests {
    Fail,
    Pass,
}

/// Formats of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Pretty,
    Terse,
    Json,
    Junit,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

fn scope(text: &str) -> Result<Scope, String> {
    let scope = Scope::parse(text).map_err(|e| e.to_string())?;
    if scope.uses_status() {
        return Err("`status(…)` asks how a test ended, and nothing has run yet; select by phase, boundary, tag, file or name".to_owned());
    }
    Ok(scope)
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is no number of threads; it must be 1 or more"))
}

impl Args {
    /// How many tests run at once. A pool of one names a test before it runs; a runner that starts
    /// a process for each test reads the output up to that line, and would miss what the test says.
    pub(crate) fn workers(&self, process_per_test: bool) -> usize {
        let workers = self.test_threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        );
        if process_per_test {
            workers.max(2)
        } else {
            workers
        }
    }

    /// Completes what the command line leaves open from libtest's environment variables.
    ///
    /// # Errors
    /// A variable that is set to something that it cannot mean.
    pub(crate) fn complete(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let set = |name: &str| variable(name).filter(|v| v != "0");
        if self.test_threads.is_none() {
            let value = variable("RUST_TEST_THREADS")
                .map(|v| threads(&v).map_err(|e| format!("RUST_TEST_THREADS: {e}")));
            self.test_threads = value.transpose()?;
        }
        self.nocapture |= set("RUST_TEST_NOCAPTURE").is_some();
        if self.shuffle_seed.is_none()
            && let Some(text) = variable("RUST_TEST_SHUFFLE_SEED")
        {
            let seed = text
                .parse()
                .map_err(|_| format!("RUST_TEST_SHUFFLE_SEED: `{text}` is no number"))?;
            self.shuffle_seed = Some(seed);
        }
        self.shuffle |= set("RUST_TEST_SHUFFLE").is_some() || self.shuffle_seed.is_some();
        if let Some(text) = variable("PHASEGATE_NO_TESTS") {
            self.no_tests = NoTests::from_str(&text, true).map_err(|_| {
                format!("PHASEGATE_NO_TESTS: `{text}` is neither `fail` nor `pass`")
            })?;
        }
        Ok(self)
    }

    /// Whether standard output is for a machine.
    pub(crate) fn is_for_machines(&self) -> bool {
        matches!(self.format, Some(Format::Json | Format::Junit))
    }

    /// The limit of `--ensure-time` in milliseconds: libtest's for integration tests.
    pub(crate) fn critical_ms(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<u64>, String> {
        if !self.ensure_time {
            return Ok(None);
        }
        let Some(text) = variable("RUST_TEST_TIME_INTEGRATION") else {
            return Ok(Some(1_000));
        };
        let critical = text
            .split_once(',')
            .and_then(|(_, critical)| critical.trim().parse().ok());
        critical.map(Some).ok_or_else(|| {
            format!("RUST_TEST_TIME_INTEGRATION: `{text}` is not `warn,critical` in milliseconds")
        })
    }
}
