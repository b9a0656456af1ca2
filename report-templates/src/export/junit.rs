//! JUnit XML, in the shape that nextest writes: one suite for each test binary, one case for each
//! test, with phase, boundaries and patterns as properties of the case.
//!
//! Failed and timed-out tests are `failure`s; tests that crashed, were blocked or never ran are
//! `error`s; ignored and skipped ones are `skipped`. Tests that were filtered out or belong to
//! other shards are left out. An attempt before a passing one is a `flakyFailure`, before a failing
//! one a `rerunFailure`. What passed on the stand-in of a service is a passing case with a property
//! `fallback`; an attempt during which a service died is a property `infrastructure` and no failure.

use std::io;
use std::path::Path;

use phasegate_record::event::{Attempt, Exit};
use phasegate_record::read::read_run;
use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

use crate::ReportError;
use crate::figures::{RunFigures, Status, TestFigure, fold};
use crate::source::sources;
use crate::view::output::whole;

/// Writes the tests of a run as JUnit XML. `dir` is the run's directory, where large outputs lie.
///
/// # Errors
///
/// [`ReportError::Export`] when the writer refuses, which is a defect of this crate.
pub fn junit(run: &RunFigures<'_>, dir: Option<&Path>) -> Result<String, ReportError> {
    export(run, dir, &|_| true)
}

/// Reads the record of a run and writes its tests as JUnit XML; with `only` those of one package's
/// test binary.
///
/// # Errors
///
/// [`ReportError::Read`] when there is no readable record.
pub fn junit_from_run(run_dir: &Path, only: Option<(&str, &str)>) -> Result<String, ReportError> {
    let record = read_run(run_dir)?;
    let run = fold(&sources(&record));
    let wanted =
        |test: &TestFigure<'_>| only.is_none_or(|wanted| (test.package, test.binary) == wanted);
    export(&run, Some(run_dir), &wanted)
}

fn export(
    run: &RunFigures<'_>,
    dir: Option<&Path>,
    wanted: &dyn Fn(&TestFigure<'_>) -> bool,
) -> Result<String, ReportError> {
    let tests = run.tests.iter();
    let tests: Vec<_> = tests
        .filter(|test| !matches!(test.status, Status::Filtered | Status::OtherShard))
        .filter(|test| wanted(test))
        .collect();
    let mut export = Export {
        xml: Writer::new_with_indent(Vec::new(), b' ', 2),
        dir,
    };
    export
        .document(run, &tests)
        .map_err(|cause| ReportError::Export {
            format: "JUnit",
            cause,
        })?;
    let mut text = String::from_utf8_lossy(&export.xml.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

struct Export<'d> {
    xml: Writer<Vec<u8>>,
    dir: Option<&'d Path>,
}

impl Export<'_> {
    fn document(&mut self, run: &RunFigures<'_>, tests: &[&TestFigure<'_>]) -> io::Result<()> {
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        self.xml.write_event(Event::Decl(declaration))?;
        let mut root = element("testsuites", &[("name", "phasegate-run")]);
        counts(&mut root, tests);
        if let Some(started) = &run.header.started_at {
            attribute(&mut root, "timestamp", started);
        }
        let wall_us = run.header.wall_ms.map(|ms| ms.saturating_mul(1_000));
        let sum = || tests.iter().map(|test| time_us(test)).sum();
        attribute(&mut root, "time", &seconds(wall_us.unwrap_or_else(sum)));
        self.within(root, |export| {
            for suite in tests.chunk_by(|a, b| (a.package, a.binary) == (b.package, b.binary)) {
                export.suite(suite)?;
            }
            Ok(())
        })
    }

    fn suite(&mut self, tests: &[&TestFigure<'_>]) -> io::Result<()> {
        let mut suite = element("testsuite", &[("name", &class(tests[0]))]);
        counts(&mut suite, tests);
        let sum = tests.iter().map(|test| time_us(test)).sum();
        attribute(&mut suite, "time", &seconds(sum));
        self.within(suite, |export| {
            tests.iter().try_for_each(|test| export.case(test))
        })
    }

    fn case(&mut self, test: &TestFigure<'_>) -> io::Result<()> {
        let mut case = element("testcase", &[("name", &test.plan.name)]);
        attribute(&mut case, "classname", &class(test));
        attribute(&mut case, "file", &test.plan.file);
        attribute(&mut case, "line", &test.plan.line.to_string());
        attribute(&mut case, "time", &seconds(time_us(test)));
        self.within(case, |export| {
            export.properties(test)?;
            export.result(test)?;
            export.earlier(test)?;
            let last = test.last().filter(|_| !test.has_passed());
            last.map_or(Ok(()), |last| export.streams(last.event))
        })
    }

    fn properties(&mut self, test: &TestFigure<'_>) -> io::Result<()> {
        let plan = test.plan;
        let one =
            |name, value: &Option<String>| value.iter().map(move |v| (name, v.clone())).collect();
        let many = |name, values: &[String]| values.iter().map(|v| (name, v.clone())).collect();
        let infrastructure = test.infrastructure().map(str::to_owned);
        let stand_ins: Vec<String> = test.stand_ins().map(str::to_owned).collect();
        let properties: [Vec<(&str, String)>; 8] = [
            one("phase", &plan.phase),
            many("boundary", &plan.boundaries),
            many("pattern", &plan.patterns),
            many("tag", &plan.tags),
            many("criterion", &plan.criteria),
            many("service", &plan.services),
            many("fallback", &stand_ins),
            one("infrastructure", &infrastructure),
        ];
        if properties.iter().all(Vec::is_empty) {
            return Ok(());
        }
        self.within(BytesStart::new("properties"), |export| {
            for (name, value) in properties.iter().flatten() {
                let property = element("property", &[("name", name), ("value", value)]);
                export.xml.write_event(Event::Empty(property))?;
            }
            Ok(())
        })
    }

    fn result(&mut self, test: &TestFigure<'_>) -> io::Result<()> {
        let last = test.last().map(|attempt| attempt.event);
        match test.status {
            Status::Passed | Status::Fallback | Status::Filtered | Status::OtherShard => Ok(()),
            Status::Failed | Status::TimedOut => self.failure("failure", last),
            Status::Crashed | Status::Blocked => self.failure("error", last),
            Status::NotRun => {
                let message = "planned, but never brought to an end";
                let error = element("error", &[("message", message), ("type", "not run")]);
                self.xml.write_event(Event::Empty(error))
            }
            Status::Skipped | Status::Ignored => {
                let mut skipped = BytesStart::new("skipped");
                let said = last.and_then(|attempt| attempt.skip_reason.as_deref());
                if let Some(reason) = said.or(test.ignore_reason()) {
                    attribute(&mut skipped, "message", reason);
                }
                self.xml.write_event(Event::Empty(skipped))
            }
        }
    }

    fn failure(&mut self, name: &str, attempt: Option<&Attempt>) -> io::Result<()> {
        let Some(attempt) = attempt else {
            return Ok(());
        };
        let message = message(attempt);
        let first = message.lines().next().unwrap_or_default();
        let attributes = [("message", first), ("type", &kind(attempt))];
        let failure = element(name, &attributes);
        self.text(failure, &message)
    }

    fn earlier(&mut self, test: &TestFigure<'_>) -> io::Result<()> {
        let name = if test.has_passed() {
            "flakyFailure"
        } else {
            "rerunFailure"
        };
        let before = test.attempts.len().saturating_sub(1);
        for attempt in test.attempts[..before].iter().map(|attempt| attempt.event) {
            if !attempt.outcome.is_bad() || attempt.infrastructure.is_some() {
                continue;
            }
            let message = message(attempt);
            let first = message.lines().next().unwrap_or_default();
            let mut rerun = element(name, &[("message", first), ("type", &kind(attempt))]);
            attribute(&mut rerun, "time", &seconds(attempt.wall_us));
            self.within(rerun, |export| export.streams(attempt))?;
        }
        Ok(())
    }

    fn streams(&mut self, attempt: &Attempt) -> io::Result<()> {
        for (name, output) in [
            ("system-out", &attempt.stdout),
            ("system-err", &attempt.stderr),
        ] {
            if let Some(text) = whole(output, self.dir) {
                self.text(BytesStart::new(name), &text)?;
            }
        }
        Ok(())
    }

    fn within(
        &mut self,
        start: BytesStart<'_>,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let end = start.to_end().into_owned();
        self.xml.write_event(Event::Start(start))?;
        inside(self)?;
        self.xml.write_event(Event::End(end))
    }

    fn text(&mut self, start: BytesStart<'_>, text: &str) -> io::Result<()> {
        let end: BytesEnd<'_> = start.to_end().into_owned();
        self.xml.write_event(Event::Start(start))?;
        let legal = legal(text);
        self.xml.write_event(Event::Text(BytesText::new(&legal)))?;
        self.xml.write_event(Event::End(end))
    }
}

fn counts(element: &mut BytesStart<'_>, tests: &[&TestFigure<'_>]) {
    let number = |statuses: &[Status]| {
        let counted = tests.iter().filter(|test| statuses.contains(&test.status));
        counted.count().to_string()
    };
    attribute(element, "tests", &tests.len().to_string());
    let skipped = number(&[Status::Skipped, Status::Ignored]);
    attribute(element, "skipped", &skipped);
    let errors = number(&[Status::Crashed, Status::Blocked, Status::NotRun]);
    attribute(element, "errors", &errors);
    let failures = number(&[Status::Failed, Status::TimedOut]);
    attribute(element, "failures", &failures);
}

fn element<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        attribute(&mut element, key, value);
    }
    element
}

/// Line ends and tabs become references: a reader would turn them into spaces otherwise.
fn attribute(element: &mut BytesStart<'_>, key: &str, value: &str) {
    let escaped = quick_xml::escape::escape(legal(value))
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;");
    element.push_attribute(Attribute {
        key: QName(key.as_bytes()),
        value: escaped.into_bytes().into(),
    });
}

/// Characters that XML 1.0 cannot hold (its production `Char`) become U+FFFD.
fn legal(text: &str) -> String {
    let is_legal = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
            || c >= '\u{10000}'
    };
    let replace = |c| {
        if is_legal(c) {
            c
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    text.chars().map(replace).collect()
}

/// The id that nextest gives to a test binary.
fn class(test: &TestFigure<'_>) -> String {
    if test.package == test.binary {
        return test.package.to_owned();
    }
    format!("{}::{}", test.package, test.binary)
}

fn message(attempt: &Attempt) -> String {
    let failure = attempt.failure.as_ref();
    let blocked = attempt.blocked.as_ref();
    let known = failure
        .map(|failure| failure.message.clone())
        .or_else(|| blocked.map(|cause| format!("blocked by {}: {}", cause.root, cause.reason)));
    let mut message = known.unwrap_or_else(|| kind(attempt));
    if let Some(location) = failure.and_then(|failure| failure.location.as_ref()) {
        message.push_str(&format!("\nat {location}"));
    }
    message
}

fn kind(attempt: &Attempt) -> String {
    let outcome = attempt.outcome.as_str().replace('-', " ");
    match attempt.exit {
        Some(Exit::Signal(signal)) => format!("test {outcome} with signal {signal}"),
        Some(Exit::Code(code)) if code != 0 => format!("test {outcome} with exit code {code}"),
        _ => format!("test {outcome}"),
    }
}

fn time_us(test: &TestFigure<'_>) -> u64 {
    test.wall_us().unwrap_or(0)
}

/// Seconds with three decimals.
fn seconds(us: u64) -> String {
    let ms = us / 1_000 + u64::from(us % 1_000 >= 500);
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}
