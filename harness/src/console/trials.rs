//! Running on `libtest-mimic`: its pool of workers, and its human output.

use std::path::PathBuf;

use libtest_mimic::{
    Arguments, ColorSetting, Completion, Conclusion, Failed, FormatSetting, Trial,
};

use super::args::{Args, Color, Format};

/// How one test ended, as far as the pool needs to know.
pub(crate) enum Answer {
    Passed,
    /// With what is to be printed at the end, unless it has been printed.
    Failed(Option<String>),
    Ignored(Option<String>),
}

/// A name that no test has. Tests that filters leave out stand behind it, so that the pool counts
/// them without knowing them.
const FILTERED: &str = "\u{1}";

/// Runs `names` (with whether each is ignored) on the pool; `run` gets the place of each.
pub(crate) fn run<F>(
    args: &Args,
    workers: usize,
    names: Vec<(String, bool)>,
    filtered: usize,
    run: F,
) -> Conclusion
where
    F: Fn(usize) -> Answer + Send + Sync + Clone + 'static,
{
    let mut trials = Vec::with_capacity(names.len() + filtered);
    for (place, (name, ignored)) in names.into_iter().enumerate() {
        let run = run.clone();
        let trial = Trial::ignorable_test(name, move || match run(place) {
            Answer::Passed => Ok(Completion::Completed),
            Answer::Failed(text) => Err(text.map_or_else(Failed::without_message, Failed::from)),
            Answer::Ignored(reason) => Ok(Completion::Ignored { reason }),
        });
        trials.push(trial.with_ignored_flag(ignored));
    }
    trials.extend((0..filtered).map(|_| Trial::test(FILTERED, || Ok(()))));
    libtest_mimic::run(&arguments(args, workers, filtered), trials)
}

fn arguments(args: &Args, workers: usize, filtered: usize) -> Arguments {
    Arguments {
        test_threads: Some(workers),
        quiet: args.quiet,
        color: Some(match args.color {
            Color::Always => ColorSetting::Always,
            Color::Never => ColorSetting::Never,
            Color::Auto => ColorSetting::Auto,
        }),
        format: match args.format {
            Some(Format::Terse) => Some(FormatSetting::Terse),
            _ => None,
        },
        // Formats for machines are written elsewhere; the pool's own words go nowhere.
        logfile: args
            .is_for_machines()
            .then(|| nowhere().to_string_lossy().into_owned()),
        skip: if filtered > 0 {
            vec![FILTERED.to_owned()]
        } else {
            Vec::new()
        },
        ..Arguments::default()
    }
}

fn nowhere() -> PathBuf {
    PathBuf::from(if cfg!(windows) { "NUL" } else { "/dev/null" })
}
