//! Declarations and configuration are read and agree.

use std::path::PathBuf;
use std::time::SystemTime;

use phasegate_record::event::{Disposition, Run, SCHEMA_VERSION};
use phasegate_record::project::Project;
use phasegate_record::scope::Scope;

use super::planned::Planned;
use crate::__private::Binary;
use crate::config::{self, Config};
use crate::console::args::{Args, NoTests};
use crate::plan::order::{History, Order};
use crate::plan::select::Selection;
use crate::plan::{self, Plan, shard};
use crate::registry::collect;
use crate::session::bazel::Bazel;
use crate::session::exit::Exit;
use crate::session::facts::{self, GitQuestion};
use crate::session::remember;
use crate::session::surroundings::{Surroundings, variable};
use crate::terms::nearest;

/// Why nothing ran.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) exit: Exit,
    pub(crate) messages: Vec<String>,
}

impl Refused {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            messages: vec![message.into()],
        }
    }
}

/// Declarations and configuration are read and agree.
pub(crate) struct Collected {
    binary: Binary,
    around: Surroundings,
    bazel: Bazel,
    config: Config,
    git: GitQuestion,
    tests: collect::Collected,
    selection: Selection,
    unlisted: u64,
}

impl Collected {
    /// Names of the tests that the command line selects; all declarations are checked.
    pub(crate) fn list(binary: Binary, args: &Args) -> Result<Vec<String>, Refused> {
        let config = read_config(binary)?;
        let mut tests = gather(&config, |_| true)?;
        let selection = selection(binary, args);
        if let Some(scope) = &selection.scope {
            known_names(scope, &tests.project)?;
        }
        for test in &mut tests.tests {
            test.facts.disposition = selection.decide(test);
        }
        if let Some(part) = args.shard {
            shard::assign(&mut tests.tests, part);
        }
        let listed = |d: &Disposition| matches!(d, Disposition::Run | Disposition::Ignored { .. });
        let tests = tests.tests.into_iter().map(|test| test.facts);
        Ok(tests
            .filter(|t| listed(&t.disposition))
            .map(|t| t.name)
            .collect())
    }

    /// Reads declarations and configuration. With `--exact`, only what is named is looked at: a
    /// runner that starts one process a test would otherwise pay for all tests each time.
    pub(crate) fn collect(
        binary: Binary,
        args: &Args,
        around: Surroundings,
    ) -> Result<Self, Refused> {
        let config = read_config(binary)?;
        // Of the many processes under nextest only the first one writes the answer down; it asks
        // when it knows that it is the first.
        let git = if around.process_per_test() {
            GitQuestion::none()
        } else {
            facts::ask_git(&config.root)
        };
        let bazel = Bazel::read(around.bazel);
        let mut selection = selection(binary, args);
        selection.filters.extend(bazel.only.clone());
        let narrow = args.exact && !selection.filters.is_empty();
        let tests = gather(&config, |name| !narrow || selection.takes_name(name))?;
        if let Some(scope) = &selection.scope {
            known_names(scope, &tests.project)?;
        }
        let unlisted = if narrow {
            collect::count().saturating_sub(tests.tests.len() as u64)
        } else {
            0
        };
        Ok(Self {
            binary,
            around,
            bazel,
            config,
            git,
            tests,
            selection,
            unlisted,
        })
    }

    /// Decides what becomes of each test.
    pub(crate) fn plan(self, args: &Args) -> Result<Planned, Refused> {
        let home = match &self.bazel.outputs {
            Some(outputs) => outputs.join("phasegate"),
            None => config::target_dir(&self.config.root).join("phasegate"),
        };
        let stem = format!("{}--{}", self.binary.package, self.binary.target);
        // Few tests need no order, and a runner that starts one process a test would pay for the
        // history of all of them each time.
        let history = match self.unlisted {
            0 => remember::load(&home, &stem),
            _ => History::default(),
        };
        let seed = args.seed.unwrap_or_else(chance);
        let order = match (args.shuffle, args.shuffle_seed) {
            (true, given) => Order::Shuffled(given.unwrap_or(seed)),
            (false, _) => Order::Priority,
        };
        let shard = match args.shard {
            Some(shard) => Some(shard),
            // nextest deals the tests out itself; a process that it starts for one test must not
            // decide that the test is another shard's.
            None if self.around.process_per_test() => None,
            None => shard::from_environment(variable).map_err(Refused::usage)?,
        };
        let services = self.tests.services.clone();
        let mut project = self.tests.project.clone();
        if project.name.is_empty() {
            self.binary.package.clone_into(&mut project.name);
        }
        let mut plan = plan::plan(self.tests, &self.selection, shard, order, &history);
        if let Some(limit) = args.critical_ms(variable).map_err(Refused::usage)? {
            for test in &mut plan.tests {
                test.facts.timeout_ms =
                    Some(test.facts.timeout_ms.map_or(limit, |own| own.min(limit)));
            }
        }
        // Asked before the tests are dealt out to shards: a shard may well have none.
        let allowed = args.no_tests == NoTests::Pass && !self.around.process_per_test();
        if plan.selected == 0 && !allowed && !only_ignored_left(&plan) {
            return Err(no_tests(self.unlisted + plan.tests.len() as u64));
        }
        let stem = match shard {
            Some(shard) => format!("{stem}--shard-{}-of-{}", shard.index, shard.total),
            None => stem,
        };
        let run = Run {
            schema: SCHEMA_VERSION,
            id: String::new(),
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: now(),
            package: self.binary.package.to_owned(),
            binary: self.binary.target.to_owned(),
            invocation: self.around.invocation,
            args: std::env::args().skip(1).collect(),
            git: None,
            rustc: None,
            host: facts::host(),
            seed: if let Order::Shuffled(seed) = order {
                args.seed.unwrap_or(seed)
            } else {
                seed
            },
            shuffled: args.shuffle,
            shard,
            config_digest: self.config.digest.clone(),
            unlisted: self.unlisted,
            services,
            project,
        };
        Ok(Planned {
            around: self.around,
            bazel: self.bazel,
            config: self.config,
            git: self.git,
            plan,
            run,
            package: package_dir(self.binary),
            home,
            stem,
            history,
        })
    }
}

/// libtest's word for "nothing to do here" is `ok`, when everything selected is ignored.
fn only_ignored_left(plan: &Plan) -> bool {
    plan.tests
        .iter()
        .any(|t| matches!(t.facts.disposition, Disposition::Ignored { .. }))
}

fn selection(binary: Binary, args: &Args) -> Selection {
    Selection {
        filters: args.filters.clone(),
        skip: args.skip.clone(),
        exact: args.exact,
        only_ignored: args.ignored,
        include_ignored: args.include_ignored,
        exclude_should_panic: args.exclude_should_panic,
        scope: args.scope.clone(),
        package: binary.package.to_owned(),
        binary: binary.target.to_owned(),
    }
}

/// Refuses a scope that names a phase or boundary which is neither declared nor used: a typo would
/// select nothing, or everything but what was meant.
fn known_names(scope: &Scope, project: &Project) -> Result<(), Refused> {
    for reference in scope.references() {
        let known: Vec<&str> = match reference.predicate {
            "phase" => project.phases.iter().map(|p| p.id.as_str()).collect(),
            "boundary" => project.boundaries.keys().map(String::as_str).collect(),
            _ => continue,
        };
        let (what, name) = (reference.predicate, reference.name.as_str());
        if !known.contains(&name) {
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("no test has a {what}"),
                None => format!("known are {}", known.join(", ")),
            };
            return Err(Refused::usage(format!(
                "unknown {what} `{name}` in `--scope {scope}`; {hint}"
            )));
        }
    }
    Ok(())
}

/// Directory of the test binary's package. Cargo and nextest set it at run time too, where a moved
/// work tree would be missed otherwise.
fn package_dir(binary: Binary) -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(binary.manifest_dir), PathBuf::from)
}

fn read_config(binary: Binary) -> Result<Config, Refused> {
    let dir = package_dir(binary);
    if !dir.is_dir() {
        return Err(Refused::usage(format!(
            "the package's directory {} is not there, and with it any phasegate.toml; set CARGO_MANIFEST_DIR to where the package lies",
            dir.display()
        )));
    }
    config::load(&dir).map_err(|e| Refused::usage(e.to_string()))
}

pub(super) fn gather(
    config: &Config,
    wanted: impl Fn(&str) -> bool,
) -> Result<collect::Collected, Refused> {
    collect::collect(config, wanted).map_err(|errors| Refused {
        exit: Exit::Usage,
        messages: errors.iter().map(ToString::to_string).collect(),
    })
}

fn no_tests(known: u64) -> Refused {
    let message = if known == 0 {
        "this binary declares no tests; write one with `#[phasegate::test]`, or pass `--no-tests=pass`".to_owned()
    } else {
        format!(
            "none of the {known} tests is selected; change the filters, or pass `--no-tests=pass` (PHASEGATE_NO_TESTS=pass) if that is meant"
        )
    };
    Refused {
        exit: Exit::NoTests,
        messages: vec![message],
    }
}

fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// A seed that nobody chose.
fn chance() -> u64 {
    let nanos = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .subsec_nanos();
    crate::terms::mix(u64::from(nanos), &std::process::id().to_le_bytes()) >> 32
}
