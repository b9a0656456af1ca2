//! The supervisor of the services: starting one for a run, and being one.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use phasegate_record::event::{Event, Note, NoteLevel, PlannedTest, ServiceStep};
use phasegate_record::redact::Redactor;
use serde::{Deserialize, Serialize};

use super::recorder::Recorder;
use super::surroundings::variable;
use crate::console::lines;
use crate::execution::leasing::Leasing;
use crate::services::client::{Client, Heard, Launch};
use crate::services::declaration::by_name;
use crate::services::protocol::{Reply, Step};
use crate::services::supervisor::{self, Ambushed, Life, News, ROLE, Role};
use crate::terms::mix;

/// How long services that many processes share wait for the next one.
const IDLE: Duration = Duration::from_secs(10);

/// Where a supervisor that serves many processes writes what happens.
#[derive(Debug, Serialize, Deserialize)]
struct Target {
    dir: PathBuf,
    stem: String,
    secrets: Vec<String>,
    began_us: u64,
}

/// What the supervisor of a run is to know.
pub(super) struct Outline<'a> {
    pub(super) home: &'a Path,
    pub(super) run_dir: &'a Path,
    pub(super) run: &'a str,
    pub(super) stem: &'a str,
    pub(super) secrets: &'a [String],
    pub(super) package: PathBuf,
    pub(super) workers: usize,
    pub(super) bazel: bool,
    /// Whether a runner starts a process for each test.
    pub(super) many: bool,
    pub(super) fork_server: Option<u32>,
    pub(super) scratch: &'a Path,
}

/// Names of the services that the tests to be run lease and that are started for them.
fn needed<'t>(tests: impl Iterator<Item = &'t PlannedTest>) -> Vec<String> {
    let mut names: Vec<String> = tests
        .flat_map(|test| test.services.iter().cloned())
        .collect();
    names.sort();
    names.dedup();
    names.retain(|name| by_name(name).is_some_and(|decl| !decl.embedded));
    names
}

/// Has the services of these tests started, if they have any. A supervisor is also started when an
/// earlier one has left something behind.
pub(super) fn begin<'t>(
    outline: &Outline<'_>,
    tests: impl Iterator<Item = &'t PlannedTest>,
    recorder: &Arc<Recorder>,
) -> Leasing {
    let services = needed(tests);
    let journals = outline.home.join("services");
    let remains = || !outline.many && supervisor::has_remains(&journals);
    if services.is_empty() && !remains() {
        return Leasing::new(None);
    }
    let (heard, began_us) = (Arc::clone(recorder), now_us());
    let client = Client::new(launch(outline, journals, began_us), move |news| {
        tell(&heard, began_us, news);
    });
    if let Err(error) = client.start(services) {
        // Each test that needs a service will be blocked by the same error.
        lines::note(&error.to_string());
    }
    Leasing::new(Some(client))
}

fn launch(outline: &Outline<'_>, journals: PathBuf, began_us: u64) -> Launch {
    let me = std::process::id();
    let unique = mix(
        u64::from(me),
        format!("{} {} {began_us}", outline.run, outline.stem).as_bytes(),
    );
    let life = if outline.many {
        Life::Runner {
            pid: std::os::unix::process::parent_id(),
            idle_ms: u64::try_from(IDLE.as_millis()).unwrap_or(u64::MAX),
        }
    } else {
        Life::Harness
    };
    let target = Target {
        dir: outline.run_dir.to_owned(),
        stem: outline.stem.to_owned(),
        secrets: outline.secrets.to_vec(),
        began_us,
    };
    Launch {
        role: Role {
            name: format!("{unique:016x}"),
            address: journals.join(format!("{}--{}.address", outline.stem, outline.run)),
            journals,
            stem: outline.stem.to_owned(),
            run: outline.run.to_owned(),
            package: outline.package.clone(),
            workers: outline.workers,
            session: !outline.bazel,
            life,
            ambush: ambush(),
            record: serde_json::to_value(target).unwrap_or_default(),
        },
        fork_server: outline.fork_server,
        scratch: outline.scratch.to_owned(),
    }
}

/// `PHASEGATE_KILL_AT=supervisor:7` kills the supervisor when the seventh entry of its journal has
/// been written; `harness` and `fork-server` likewise. For tests of the clearing away.
fn ambush() -> Option<(Ambushed, u64)> {
    let said = variable("PHASEGATE_KILL_AT")?;
    let (whom, entry) = said.split_once(':')?;
    let whom = match whom {
        "harness" => Ambushed::Harness,
        "fork-server" => Ambushed::ForkServer,
        "supervisor" => Ambushed::Supervisor,
        _ => return None,
    };
    Some((whom, entry.parse().ok()?))
}

/// Has everything stopped; what stays behind is said.
pub(super) fn end(leasing: &Leasing, recorder: &Recorder) {
    let Some(client) = leasing.client() else {
        return;
    };
    if let Err(error) = client.leave() {
        tell(recorder, 0, Heard::Note(format!("services: {error}")));
    }
}

fn tell(recorder: &Recorder, began_us: u64, news: Heard) {
    match news {
        Heard::Step(step) => recorder.write(&Event::Service(recorded(step, began_us))),
        Heard::Note(text) => {
            lines::note(&text);
            recorder.write(&Event::Note(Note {
                level: NoteLevel::Warning,
                text,
            }));
        }
    }
}

fn recorded(step: Step, began_us: u64) -> ServiceStep {
    ServiceStep {
        service: step.service,
        change: step.change,
        at_us: step.began_us.saturating_sub(began_us),
        wall_us: step.took_us,
        detail: step.detail,
        error: step.error,
    }
}

fn now_us() -> u64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// If this process was started as a supervisor, is one to the end.
pub(super) fn play_role() -> Option<ExitCode> {
    let role = std::env::var(ROLE).ok()?;
    let served = serde_json::from_str::<Role>(&role)
        .map_err(|error| error.to_string())
        .and_then(|role| {
            let shared = many(&role).map_err(|error| error.to_string())?;
            supervisor::run(&role, ready(), shared).map_err(|error| error.to_string())
        });
    Some(match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            lines::error(&format!("the supervisor of the services: {error}"));
            ExitCode::from(3)
        }
    })
}

/// Standard output, given up once it has been told where the socket is: whoever started this waits
/// for its end.
fn ready() -> impl io::Write {
    struct Ready;
    impl io::Write for Ready {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            io::stdout().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            io::stdout().flush()
        }
    }
    Ready
}

/// Under a runner of many processes each event goes straight to the record that they share.
fn many(role: &Role) -> serde_json::Result<Option<News>> {
    if matches!(role.life, Life::Harness) {
        return Ok(None);
    }
    let target: Target = serde_json::from_value(role.record.clone())?;
    let recorder = Recorder::shared(
        &target.dir,
        &target.stem,
        &Redactor::from_env(&target.secrets),
    );
    Ok(Some(News::new(move |reply| match reply {
        Reply::Step(step) => recorder.write(&Event::Service(recorded(step, target.began_us))),
        Reply::Note(text) => recorder.write(&Event::Note(Note {
            level: NoteLevel::Warning,
            text,
        })),
        _ => {}
    })))
}
