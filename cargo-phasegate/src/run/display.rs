//! How a run is shown while it goes on: bars on a terminal, lines anywhere else. All of it goes to
//! standard error; standard output is for the results.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use phasegate_report::render::markdown::visible;

use super::execute::Ended;
use super::progress::{Counts, Progress};

/// A run, as it is shown.
pub(super) struct Display {
    bars: Option<Bars>,
    latest: Vec<(Option<String>, Counts)>,
    began: Instant,
}

/// One bar over all tests, and under it one line a phase.
struct Bars {
    all: MultiProgress,
    overall: ProgressBar,
    phases: Vec<ProgressBar>,
}

impl Display {
    pub(super) fn new() -> Self {
        Self {
            bars: io::stderr().is_terminal().then(Bars::new),
            latest: Vec::new(),
            began: Instant::now(),
        }
    }

    /// A binary is about to run.
    pub(super) fn binary(&mut self, title: &str, number: usize, of: usize) {
        self.began = Instant::now();
        let title = visible(title);
        match &self.bars {
            Some(bars) => bars
                .overall
                .set_message(format!("{title} ({number} of {of})")),
            None => self.say(&format!("running {title} ({number} of {of})")),
        }
    }

    /// A line, above the bars.
    pub(super) fn say(&self, line: &str) {
        let shown = match &self.bars {
            Some(bars) => bars.all.println(line),
            None => writeln!(io::stderr().lock(), "{line}"),
        };
        // Nobody is left to be told when this fails.
        let _ = shown;
    }

    /// A test that did not pass, with what the harness has to say of it.
    pub(super) fn failure(&self, name: &str, outcome: &str, text: &str) {
        self.say(&format!("\n{}: {}", visible(outcome), visible(name)));
        for line in text.lines() {
            self.say(&format!("  {line}"));
        }
    }

    /// What a test that passed has printed, when that was asked for.
    pub(super) fn output(&self, name: &str, text: &str) {
        self.say(&format!("\noutput of {}", visible(name)));
        for line in text.lines() {
            self.say(&format!("  {line}"));
        }
    }

    /// Counts have changed.
    pub(super) fn show(&mut self, progress: &Progress) {
        self.latest = progress.phases();
        if let Some(bars) = &mut self.bars {
            bars.show(&self.latest);
        }
    }

    /// A binary has ended. What it did wrong is told loudly; a failed test has been told of.
    pub(super) fn ended(&self, title: &str, ended: &Ended) {
        let title = visible(title);
        let trouble = match ended {
            Ended::Passed | Ended::Failed => None,
            Ended::Interrupted => Some("was interrupted".to_owned()),
            Ended::Refused => Some(
                "refused to run: its command line, configuration or declarations make no sense; its reason stands above"
                    .to_owned(),
            ),
            Ended::NotRecorded => Some("could not keep its record; its reason stands above".to_owned()),
            Ended::Died(how) => Some(format!("died: {how}; what it was to run counts as not run")),
        };
        if let Some(trouble) = trouble {
            self.say(&format!("error: {title} {trouble}"));
        }
        if self.bars.is_none() {
            let seconds = self.began.elapsed().as_secs_f64();
            self.say(&format!("{title} ended after {seconds:.1} s; so far:"));
            for (phase, counts) in &self.latest {
                self.say(&format!("  {}", phase_line(phase.as_deref(), counts)));
            }
        }
    }

    /// Everything has run.
    pub(super) fn close(&mut self) {
        if let Some(bars) = self.bars.take() {
            bars.overall.finish_and_clear();
            for bar in bars.phases {
                bar.finish_and_clear();
            }
        }
    }
}

impl Bars {
    fn new() -> Self {
        let all = MultiProgress::new();
        let overall = all.add(ProgressBar::new(0));
        overall
            .set_style(style("[{bar:32}] {pos}/{len} {elapsed} {wide_msg}").progress_chars("=> "));
        overall.enable_steady_tick(Duration::from_secs(1));
        Self {
            all,
            overall,
            phases: Vec::new(),
        }
    }

    fn show(&mut self, phases: &[(Option<String>, Counts)]) {
        while self.phases.len() < phases.len() {
            let bar = self.all.add(ProgressBar::new(0));
            bar.set_style(style("{wide_msg}"));
            self.phases.push(bar);
        }
        for (bar, (phase, counts)) in self.phases.iter().zip(phases) {
            bar.set_message(phase_line(phase.as_deref(), counts));
        }
        let counts = || phases.iter().map(|(_, counts)| counts);
        self.overall.set_length(counts().map(|c| c.planned).sum());
        self.overall.set_position(counts().map(Counts::done).sum());
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn phase_line(phase: Option<&str>, counts: &Counts) -> String {
    let phase = phase.map_or_else(
        || "no phase".to_owned(),
        |id| format!("phase {}", visible(id)),
    );
    let Counts {
        passed,
        failed,
        blocked,
        skipped,
        ..
    } = counts;
    let remaining = counts.remaining();
    let mut line = format!("{phase:<10} {passed} passed, {failed} failed, {blocked} blocked");
    if *skipped > 0 {
        line += &format!(", {skipped} skipped");
    }
    line + &format!(", {remaining} remaining")
}
