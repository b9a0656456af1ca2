//! From declarations to tests: names, inherited attributes, checks.

use std::borrow::Cow;

use phasegate_record::event::{DeclaredService, Disposition, PlannedTest};
use phasegate_record::project::{Boundary, Phase, Project};

use super::declaration::{Ignore, TestDecl};
use super::image::{self, BodyRef};
use super::inherit::{Suites, first, union};
use super::{hooks, name_of, services};
use crate::config::Config;
use crate::fixture::Needs;
use crate::terms::nearest;

/// A declaration that cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CollectError {
    /// Two of one name.
    #[error(
        "{second}: the {what} `{name}` is declared twice, first at {first}; rename one of them"
    )]
    Duplicate {
        what: &'static str,
        name: String,
        first: String,
        second: String,
    },
    /// A name that is declared nowhere.
    #[error("{place}: unknown {what} `{name}`; {hint}")]
    Unknown {
        place: String,
        what: &'static str,
        name: String,
        hint: String,
    },
    /// Hooks or services that wait for each other.
    #[error(
        "{place}: the {what} `{name}` waits for itself through `after`; remove one of the `after`s in the circle"
    )]
    Circle {
        place: String,
        what: &'static str,
        name: String,
    },
    /// A lease of what is not there, or of what could be several.
    #[error("{place}: the test `{name}` takes a lease of a service: {why}")]
    Lease {
        place: String,
        name: &'static str,
        why: String,
    },
}

impl CollectError {
    /// File and line, as a reader goes through the sources.
    fn sort_key(&self) -> (String, u32, String) {
        let (Self::Duplicate { second: place, .. }
        | Self::Unknown { place, .. }
        | Self::Circle { place, .. }
        | Self::Lease { place, .. }) = self;
        let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
        let line = line.parse().unwrap_or_default();
        (file.to_owned(), line, self.to_string())
    }
}

/// A test that can run.
#[derive(Debug, Clone)]
pub(crate) struct Registered {
    /// Where its body is.
    pub(crate) body: BodyRef,
    /// What is known of it.
    pub(crate) facts: PlannedTest,
    /// Whether it is expected to panic.
    pub(crate) should_panic: bool,
}

/// Every test of the image, sorted by name, every service, and the project completed by what the
/// tests name.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(crate) tests: Vec<Registered>,
    pub(crate) services: Vec<DeclaredService>,
    pub(crate) project: Project,
}

/// Number of all tests.
pub(crate) fn count() -> u64 {
    image::tests()
        .iter()
        .map(|decl| decl.cases.len().max(1) as u64)
        .sum()
}

/// Gathers the tests that `wanted` names, and checks every declaration among them.
pub(crate) fn collect(
    config: &Config,
    wanted: impl Fn(&str) -> bool,
) -> Result<Collected, Vec<CollectError>> {
    let suites = Suites::gather();
    let mut check = Check::new(config);
    for suite in suites.all() {
        check.phase(suite.attrs.phase, suite.file, suite.line);
        check.names(
            "boundary",
            suite.attrs.boundaries.iter().copied(),
            suite.file,
            suite.line,
        );
    }
    let mut tests = Vec::new();
    for (place, decl) in image::tests().iter().enumerate() {
        let mut resolved = None;
        for (case, name) in cases(decl) {
            if wanted(&name) {
                let (facts, _) = resolved.get_or_insert_with(|| resolve(decl, &suites, config));
                tests.push(Registered {
                    body: BodyRef::Test(place, case),
                    facts: PlannedTest {
                        name: name.into_owned(),
                        ..facts.clone()
                    },
                    should_panic: decl.attrs.should_panic.is_some(),
                });
            }
        }
        if let Some((facts, leased)) = resolved {
            check.phase(facts.phase.as_deref(), decl.file, decl.line);
            // Those of services are checked where the service is declared.
            let own = facts.boundaries.iter().map(String::as_str);
            check.names(
                "boundary",
                own.filter(|name| !leased.boundaries.contains(name)),
                decl.file,
                decl.line,
            );
            check.leases(decl, leased);
            check.names(
                "criterion",
                facts.criteria.iter().map(String::as_str),
                decl.file,
                decl.line,
            );
        }
    }
    check.hooks();
    services::check(&mut check);
    tests.sort_by(|a, b| a.facts.name.cmp(&b.facts.name));
    check.duplicates(&tests);
    check.finish()?;
    let project = complete(&config.project, &tests);
    Ok(Collected {
        tests,
        services: services::declared(),
        project,
    })
}

/// Index and full name of each case of a test; a test without cases is its own only case.
fn cases(decl: &'static TestDecl) -> impl Iterator<Item = (usize, Cow<'static, str>)> {
    let name = name_of(decl.path);
    let alone = decl.cases.is_empty().then_some((0, Cow::Borrowed(name)));
    alone.into_iter().chain(
        decl.cases
            .iter()
            .enumerate()
            .map(move |(i, case)| (i, Cow::Owned(format!("{name}::{case}")))),
    )
}

fn resolve(
    decl: &'static TestDecl,
    suites: &Suites,
    config: &Config,
) -> (PlannedTest, services::Leased) {
    let attrs = suites.around(decl.path, decl.attrs);
    let mut needs = Needs::default();
    (decl.needs)(&mut needs);
    let leased = services::leased(&needs);
    needs.boundaries.extend_from_slice(&leased.boundaries);
    let ignored: Option<Ignore> = first(&attrs, |a| a.ignore);
    let config_timeout = config
        .timeout
        .map(|t| u64::try_from(t.as_millis()).unwrap_or(u64::MAX));
    let facts = PlannedTest {
        name: String::new(),
        phase: first(&attrs, |a| a.phase).map(str::to_owned),
        boundaries: union(&attrs, &needs.boundaries, |a| a.boundaries),
        patterns: union(&[], &needs.patterns, |a| a.tags),
        services: union(&[], &leased.names, |a| a.tags),
        tags: union(&attrs, &[], |a| a.tags),
        criteria: union(&attrs, &[], |a| a.criteria),
        file: decl.file.replace('\\', "/"),
        line: decl.line,
        source_digest: decl.source_digest.to_owned(),
        isolation: first(&attrs, |a| a.isolation).unwrap_or(config.isolation),
        timeout_ms: first(&attrs, |a| a.timeout_ms).or(config_timeout),
        retries: first(&attrs, |a| a.retries).unwrap_or(config.retries),
        serial: first(&attrs, |a| a.serial).map(str::to_owned),
        disposition: match ignored {
            Some(Ignore { reason }) => Disposition::Ignored {
                reason: reason.map(str::to_owned),
            },
            None => Disposition::Run,
        },
    };
    (facts, leased)
}

/// Adds the phases and boundaries that only tests name. Without a `phasegate.toml` that declares
/// any, that is all of them, in the order of their names.
fn complete(declared: &Project, tests: &[Registered]) -> Project {
    let mut project = declared.clone();
    let mut named: Vec<&str> = tests
        .iter()
        .filter_map(|t| t.facts.phase.as_deref())
        .collect();
    named.sort_unstable();
    named.dedup();
    for id in named {
        if !project.phases.iter().any(|p| p.id == id) {
            project.phases.push(Phase {
                id: id.to_owned(),
                ..Phase::default()
            });
        }
    }
    for boundary in tests.iter().flat_map(|t| &t.facts.boundaries) {
        if !project.boundaries.contains_key(boundary) {
            project
                .boundaries
                .insert(boundary.clone(), Boundary::default());
        }
    }
    project
}

/// Gathers what is wrong, so that one run names all of it.
pub(super) struct Check<'a> {
    config: &'a Config,
    criteria: Vec<&'a str>,
    pub(super) errors: Vec<CollectError>,
}

impl<'a> Check<'a> {
    fn new(config: &'a Config) -> Self {
        let criteria = config
            .project
            .phases
            .iter()
            .flat_map(|p| &p.criteria)
            .map(|c| c.id.as_str())
            .collect();
        Self {
            config,
            criteria,
            errors: Vec::new(),
        }
    }

    fn phase(&mut self, phase: Option<&str>, file: &str, line: u32) {
        self.names("phase", phase.into_iter(), file, line);
    }

    /// A kind of name of which the configuration declares none is free.
    pub(super) fn names<'n>(
        &mut self,
        what: &'static str,
        names: impl Iterator<Item = &'n str>,
        file: &str,
        line: u32,
    ) {
        let known: Vec<&str> = match what {
            "phase" => self
                .config
                .project
                .phases
                .iter()
                .map(|p| p.id.as_str())
                .collect(),
            "boundary" => self
                .config
                .project
                .boundaries
                .keys()
                .map(String::as_str)
                .collect(),
            _ => self.criteria.clone(),
        };
        if known.is_empty() {
            return;
        }
        for name in names.filter(|n| !known.contains(n)) {
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("phasegate.toml declares {}", known.join(", ")),
            };
            let error = CollectError::Unknown {
                place: format!("{file}:{line}"),
                what,
                name: name.to_owned(),
                hint,
            };
            if !self.errors.contains(&error) {
                self.errors.push(error);
            }
        }
    }

    fn leases(&mut self, decl: &TestDecl, leased: services::Leased) {
        self.errors
            .extend(leased.missing.into_iter().map(|why| CollectError::Lease {
                place: format!("{}:{}", decl.file, decl.line),
                name: name_of(decl.path),
                why,
            }));
    }

    fn hooks(&mut self) {
        let all = image::hooks();
        for hook in all {
            self.phase(hook.phase, hook.file, hook.line);
            let place = format!("{}:{}", hook.file, hook.line);
            let others: Vec<&str> = all
                .iter()
                .filter(|o| o.point == hook.point)
                .map(|o| name_of(o.path))
                .collect();
            for name in hook.after {
                if !others
                    .iter()
                    .any(|o| o == name || o.rsplit("::").next() == Some(name))
                {
                    let near = nearest(name, others.iter().copied());
                    let hint = near
                        .map_or("no other hook of the same point exists".to_owned(), |n| {
                            format!("did you mean `{n}`?")
                        });
                    self.errors.push(CollectError::Unknown {
                        place: place.clone(),
                        what: "hook",
                        name: (*name).to_owned(),
                        hint,
                    });
                }
            }
        }
        if let Some(hook) = hooks::cycle(all) {
            let place = format!("{}:{}", hook.file, hook.line);
            self.errors.push(CollectError::Circle {
                place,
                what: "hook",
                name: name_of(hook.path).to_owned(),
            });
        }
    }

    fn duplicates(&mut self, sorted: &[Registered]) {
        for pair in sorted.windows(2) {
            let (a, b) = (&pair[0].facts, &pair[1].facts);
            if a.name == b.name {
                self.errors.push(CollectError::Duplicate {
                    what: "test",
                    name: a.name.clone(),
                    first: format!("{}:{}", a.file, a.line),
                    second: format!("{}:{}", b.file, b.line),
                });
            }
        }
    }

    fn finish(mut self) -> Result<(), Vec<CollectError>> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            self.errors.sort_by_cached_key(CollectError::sort_key);
            Err(self.errors)
        }
    }
}
