//! Services: how they started, what went wrong with them, and who leased them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::output::shorten;
use super::table::{Cell, Column, Table};
use super::waterfall::{self, Startup};
use super::words::{count, list};
use crate::figures::time::{human, instant_ms};
use crate::figures::{
    self, Leases, PhaseFigures, RunFigures, ServiceFigure, Standing, TroubleKind,
};

/// Services that are told of before the rest is only counted.
const MAX_SERVICES: usize = 50;
/// Troubles of all binaries that are told before the rest is only counted.
const MAX_TROUBLES: usize = 25;
/// Steps of all binaries that are shown.
const MAX_STEPS: usize = 120;
/// Bytes of a reason, with the lines of a log in it, that are shown.
const MAX_WORDS: usize = 4_000;
/// Bytes of a name that are shown.
pub(super) const MAX_NAME: usize = 120;

/// What a phase's report says of services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Services {
    /// The services that its tests lease, by test binary.
    pub binaries: Vec<BinaryServices>,
    /// What is there to say in one line: that there are none, or that not all are listed.
    pub note: Option<String>,
}

/// The services of one test binary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BinaryServices {
    /// Its name, where there are several.
    pub title: Option<String>,
    /// One row for each service.
    pub table: Table,
    /// How they started; `None` when nothing was.
    pub startup: Option<Startup>,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
    /// How much of that is not told, in words.
    pub more: Option<String>,
}

/// Something that went wrong with a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Name of the service.
    pub service: String,
    /// What happened, and when.
    pub text: String,
    /// Why, with the last lines of its log.
    pub reason: Option<String>,
}

/// The services that the tests of a phase lease, and those that must be there before them.
#[must_use]
pub fn services(run: &RunFigures<'_>, phase: &PhaseFigures<'_, '_>) -> Services {
    let mut concerned = concerned(run, phase);
    let more = concerned.len().saturating_sub(MAX_SERVICES);
    concerned.truncate(MAX_SERVICES);
    let note = match (concerned.is_empty(), more) {
        (true, _) => Some("No test here leases a service.".to_owned()),
        (false, 0) => None,
        (false, more) => Some(format!(
            "{} not listed.",
            count(more as u64, "more service")
        )),
    };
    let start_ms = run.header.started_at.as_deref().and_then(instant_ms);
    let of_one = |a: &&ServiceFigure<'_>, b: &&ServiceFigure<'_>| {
        (a.package, a.binary) == (b.package, b.binary)
    };
    let parts: Vec<_> = concerned.chunk_by(of_one).collect();
    let several = parts.len() > 1;
    let mut room = Room {
        troubles: MAX_TROUBLES,
        steps: MAX_STEPS,
    };
    let binaries = parts.into_iter().map(|services| {
        let title = format!("{}::{}", services[0].package, services[0].binary);
        BinaryServices {
            title: several.then(|| shorten(&title, MAX_NAME)),
            ..binary(services, phase, start_ms, &mut room)
        }
    });
    Services {
        binaries: binaries.collect(),
        note,
    }
}

fn concerned<'r, 'a>(
    run: &'r RunFigures<'a>,
    phase: &PhaseFigures<'_, '_>,
) -> Vec<&'r ServiceFigure<'a>> {
    let mut known: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for test in &phase.tests {
        let leased = test.plan.services.iter();
        known.extend(leased.map(|name| (test.package, test.binary, name.as_str())));
    }
    // Those that come before them are known at once or after as many rounds as there are levels.
    loop {
        let before: Vec<_> = run
            .services
            .iter()
            .filter(|service| known.contains(&key(service)))
            .flat_map(|service| {
                let after = service.declared.map_or(&[][..], |d| &d.after);
                let of = |name| (service.package, service.binary, name);
                after.iter().map(move |name| of(name.as_str()))
            })
            .collect();
        let size = known.len();
        known.extend(before);
        if known.len() == size {
            break;
        }
    }
    let services = run.services.iter();
    services.filter(|one| known.contains(&key(one))).collect()
}

fn key<'a>(service: &ServiceFigure<'a>) -> (&'a str, &'a str, &'a str) {
    (service.package, service.binary, service.name)
}

/// What there is still room for: the whole report has to fit into GitHub's step summary.
struct Room {
    troubles: usize,
    steps: usize,
}

fn binary(
    services: &[&ServiceFigure<'_>],
    phase: &PhaseFigures<'_, '_>,
    start_ms: Option<u64>,
    room: &mut Room,
) -> BinaryServices {
    let troubles: Vec<_> = services
        .iter()
        .flat_map(|service| service.troubles())
        .map(|one| trouble(&one, start_ms))
        .collect();
    let told = troubles.len().min(room.troubles);
    room.troubles -= told;
    let more = troubles.len() - told;
    BinaryServices {
        title: None,
        table: table(services, phase),
        startup: waterfall::startup(services, start_ms, &mut room.steps),
        troubles: troubles.into_iter().take(told).collect(),
        more: (more > 0).then(|| format!("{} not told", count(more as u64, "more such event"))),
    }
}

fn table(services: &[&ServiceFigure<'_>], phase: &PhaseFigures<'_, '_>) -> Table {
    let rows = services.iter().map(|service| {
        let leases = Leases::of(service, phase.tests.iter().copied());
        let time = |us: Option<u64>| us.map_or_else(|| "–".to_owned(), human);
        let declared = service.declared;
        let embedded = declared.is_some_and(|d| d.embedded);
        let handed_out = |count: u64| match embedded {
            true => "–".to_owned(),
            false => count.to_string(),
        };
        let boundaries = declared.map_or(&[][..], |d| &d.boundaries);
        vec![
            Cell::code(shorten(service.name, MAX_NAME)),
            Cell::text(shorten(declared.map_or("–", |d| &d.kind), MAX_NAME)),
            Cell::text(shorten(&list(boundaries), MAX_NAME)),
            Cell::text(standing(service)),
            Cell::text(leases.tests.to_string()),
            Cell::text(handed_out(leases.count)),
            Cell::text(handed_out(leases.stand_in)),
            Cell::text(time(leases.acquire_p50_us())),
            Cell::text(time(leases.acquire_max_us())),
        ]
    });
    Table {
        columns: vec![
            Column::words("Service"),
            Column::words("Kind"),
            Column::words("Boundaries"),
            Column::words("Start"),
            Column::numbers("Tests"),
            Column::numbers("Leases"),
            Column::numbers("of a stand-in"),
            Column::numbers("Acquired in, median"),
            Column::numbers("at most"),
        ],
        rows: rows.collect(),
        note: None,
    }
}

fn standing(service: &ServiceFigure<'_>) -> String {
    let time = service.ready_us().map(human).unwrap_or_default();
    let restarts = match service.restarts() {
        0 => String::new(),
        n => format!(", {}", count(n, "restart")),
    };
    match service.standing() {
        Standing::Embedded => "in the test's process".to_owned(),
        Standing::NotStarted => "not started".to_owned(),
        Standing::Failed => "failed".to_owned(),
        Standing::Lost => format!("ready in {time}{restarts}, then lost"),
        Standing::Ready if service.fell_back() => {
            format!("stand-in ready in {time}{restarts}")
        }
        Standing::Ready => format!("ready in {time}{restarts}"),
    }
}

fn trouble(trouble: &figures::service::Trouble<'_>, start_ms: Option<u64>) -> Trouble {
    let event = trouble.step.event;
    let what = match trouble.kind {
        TroubleKind::NotStarted => "could not be started".to_owned(),
        TroubleKind::NotBack => "could not be brought back".to_owned(),
        TroubleKind::FellBack => "could not be started; its stand-in took its place".to_owned(),
        TroubleKind::Died { back_us: None } => "died".to_owned(),
        TroubleKind::Died { back_us: Some(us) } => {
            format!("died and was back after {}", human(us))
        }
    };
    let at = trouble.step.began_us(start_ms);
    let when = human(at.saturating_add(event.wall_us));
    // That a stand-in took its place is said already.
    let fell_back = trouble.kind == TroubleKind::FellBack;
    let detail = (!fell_back).then_some(event.detail.as_str());
    let words: Vec<&str> = [event.error.as_deref(), detail]
        .into_iter()
        .flatten()
        .map(str::trim_end)
        .filter(|text| !text.is_empty())
        .collect();
    Trouble {
        service: shorten(&event.service, MAX_NAME),
        text: format!("{what} ({when} into the run)"),
        reason: (!words.is_empty()).then(|| shorten(&words.join("\n"), MAX_WORDS)),
    }
}
