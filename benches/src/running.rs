//! Figures of runs.

use std::path::Path;
use std::time::Duration;

use crate::Result;
use crate::options::Options;
use crate::sample::{Sample, Subject, median, processor, side_by_side, wall};
use crate::stage::Stage;
use crate::suites::Suites;
use crate::table::{Table, Target};

/// Exit code of a test binary whose tests pass and whose record cannot be written.
const NOT_RECORDED: i32 = 3;

/// Measures what `options` asks for.
pub(crate) fn measure(options: &Options, suites: &Suites, table: &mut Table) -> Result<()> {
    let stage = Stage::beside(suites.executable("process"))?;
    let bench = Bench {
        rounds: options.rounds,
        suites,
        stage,
    };
    type Measure<'a> = fn(&Bench<'a>, &mut Table) -> Result<()>;
    let kinds: [(&str, Measure<'_>); 5] = [
        ("process", Bench::process),
        ("thread", Bench::thread),
        ("startup", Bench::startup),
        ("record", Bench::record),
        ("memory", Bench::memory),
    ];
    for (kind, measure) in kinds {
        if options.wants(kind) {
            measure(&bench, table)?;
        }
    }
    Ok(())
}

struct Bench<'a> {
    rounds: usize,
    suites: &'a Suites,
    stage: Stage,
}

impl Bench<'_> {
    fn time<const N: usize>(&self, subjects: [Subject; N]) -> Result<[Duration; N]> {
        Ok(self.sample(subjects)?.map(|samples| wall(&samples)))
    }

    fn sample<const N: usize>(&self, subjects: [Subject; N]) -> Result<[Vec<Sample>; N]> {
        side_by_side(self.rounds, subjects, || self.stage.forget_runs())
    }

    fn recorded(&self, executable: &Path, args: &[&str], expected: &str) -> Result<Subject> {
        Ok(Subject::new(
            &self.stage.recorded(executable)?,
            args,
            expected,
        ))
    }

    fn process(&self, table: &mut Table) -> Result<()> {
        let passed = "2000 passed";
        let ours = self.recorded(self.suites.executable("process"), &[], passed)?;
        let loops = Subject::new(self.suites.executable("forkloop"), &[], "");
        let libtest = Subject::new(self.suites.executable("libtest"), &[], passed);
        let Some(nextest) = &self.suites.nextest else {
            let [ours, loops, libtest] = self.time([ours, loops, libtest])?;
            table.note(
                "cargo-nextest",
                "not installed: `cargo install cargo-nextest --locked`",
            );
            return Self::beside_the_loop(table, ours, loops, libtest);
        };
        let (binaries, metadata) = (
            nextest.binaries.to_string_lossy(),
            nextest.metadata.to_string_lossy(),
        );
        let args = [
            "nextest",
            "run",
            "--binaries-metadata",
            &binaries,
            "--cargo-metadata",
            &metadata,
        ];
        let runner = Subject::new(Path::new("cargo-nextest"), &args, passed);
        let [ours, loops, libtest, runner] = self.time([ours, loops, libtest, runner])?;
        table.time(
            &format!("2,000 tests, {}, libtest suite", nextest.version),
            runner,
        );
        let ratio = runner.as_secs_f64() / ours.as_secs_f64();
        table.figure(
            "2,000 tests, nextest ÷ `process`",
            ratio,
            1,
            "×",
            Target::AtLeast(10.0),
        );
        Self::beside_the_loop(table, ours, loops, libtest)
    }

    fn beside_the_loop(
        table: &mut Table,
        ours: Duration,
        loops: Duration,
        libtest: Duration,
    ) -> Result<()> {
        table.time("2,000 tests, `process`, record and reports included", ours);
        table.time("2,000 × fork, exit, wait", loops);
        let ratio = ours.as_secs_f64() / loops.as_secs_f64();
        table.figure(
            "2,000 tests, `process` ÷ bare loop",
            ratio,
            2,
            "×",
            Target::AtMost(2.5),
        );
        table.time("2,000 tests, libtest (threads), for orientation", libtest);
        Ok(())
    }

    fn thread(&self, table: &mut Table) -> Result<()> {
        let passed = "10000 passed";
        let ours = self.recorded(self.suites.executable("thread"), &[], passed)?;
        let mimic = Subject::new(self.suites.executable("mimic"), &[], passed);
        let [ours, mimic] = self.time([ours, mimic])?;
        table.time("10,000 tests, `thread`, record and reports included", ours);
        table.time("10,000 trials, libtest-mimic", mimic);
        let ratio = ours.as_secs_f64() / mimic.as_secs_f64();
        table.figure(
            "10,000 tests, `thread` ÷ libtest-mimic",
            ratio,
            2,
            "×",
            Target::AtMost(2.0),
        );
        Ok(())
    }

    fn startup(&self, table: &mut Table) -> Result<()> {
        let (many, few) = (
            self.suites.executable("printing"),
            self.suites.executable("ten"),
        );
        let last = "d1::c9::b9::a9::t9";
        let list = self.recorded(many, &["--list"], &format!("{last}: test"))?;
        let of_many = self.recorded(many, &["--exact", last], "1 passed")?;
        let of_few = self.recorded(few, &["--exact", "t9"], "1 passed")?;
        let [list, of_many, of_few] = self.time([list, of_many, of_few])?;
        table.figure(
            "`--list` of 20,000 tests",
            list.as_secs_f64(),
            3,
            " s",
            Target::AtMost(0.2),
        );
        table.time("`--exact` of one of 20,000", of_many);
        table.time("`--exact` of one of ten", of_few);
        let more = (of_many.as_secs_f64() - of_few.as_secs_f64()) * 1e3;
        table.figure(
            "`--exact` of 20,000 − of ten",
            more,
            1,
            " ms",
            Target::AtMost(20.0),
        );
        Ok(())
    }

    /// The same tests with record and reports, with the record only, with neither.
    fn record(&self, table: &mut Table) -> Result<()> {
        for (name, tests, target) in [("process", "2000", Some(10.0)), ("thread", "10000", None)] {
            let passed = format!("{tests} passed");
            let reportless = self.suites.reportless(name);
            let whole = self.recorded(self.suites.executable(name), &[], &passed)?;
            let recorded = self.recorded(reportless, &[], &passed)?;
            let bare = Subject::new(&self.stage.unrecorded(reportless)?, &[], &passed);
            let subjects = [whole, recorded, bare.ending_with(NOT_RECORDED)];
            let samples = self.sample(subjects)?;
            let [_, with, without] = samples.each_ref().map(|s| processor(s).as_secs_f64());
            let [whole, recorded, bare] = samples.map(|samples| wall(&samples));
            let more = (with - without) * 1e3;
            table.note(
                &format!("{tests} tests, `{name}`, record, processor time of the harness"),
                &format!(
                    "{more:.0} ms, {:.1} % of the wall time",
                    more / 10.0 / whole.as_secs_f64()
                ),
            );
            table.time(
                &format!("{tests} tests, `{name}`, with record and reports"),
                whole,
            );
            table.time(
                &format!("{tests} tests, `{name}`, with the record only"),
                recorded,
            );
            table.time(&format!("{tests} tests, `{name}`, with neither"), bare);
            let ms =
                |more: Duration, less: Duration| (more.as_secs_f64() - less.as_secs_f64()) * 1e3;
            let reports = ms(whole, recorded);
            table.note(
                &format!("{tests} tests, `{name}`, reports"),
                &format!("{reports:.0} ms"),
            );
            let record = ms(recorded, bare);
            // The difference of wall times is lost in the noise of a loaded machine, that of processor
            // times is not; whichever is worse counts.
            let share = record.max(more) / 10.0 / whole.as_secs_f64();
            table.note(
                &format!("{tests} tests, `{name}`, record, wall time"),
                &format!("{record:.0} ms"),
            );
            let what = format!("{tests} tests, `{name}`, record, the worse of both");
            match target {
                Some(limit) => table.figure(&what, share, 1, " %", Target::AtMost(limit)),
                None => table.note(&what, &format!("{share:.1} %")),
            }
        }
        Ok(())
    }

    fn memory(&self, table: &mut Table) -> Result<()> {
        let mut ours = self.recorded(self.suites.executable("printing"), &[], "20000 passed")?;
        ours.try_out()?;
        let (mut own, mut tree) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            self.stage.forget_runs()?;
            own.push(ours.peak_kib()?);
            self.stage.forget_runs()?;
            tree.push(ours.time()?.tree_peak_kib);
        }
        self.stage.forget_runs()?;
        // 1 MB is 10⁶ bytes.
        let mb = |kib: Vec<u64>| median(kib) as f64 * 1_024.0 / 1e6;
        let what = "20,000 tests that print 1 kB, peak of the harness";
        table.figure(what, mb(own), 1, " MB", Target::AtMost(100.0));
        table.note(
            "the same, largest process of the whole run",
            &format!("{:.1} MB", mb(tree)),
        );
        Ok(())
    }
}
