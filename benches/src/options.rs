//! What is asked for on the command line.

use crate::Result;

/// What is measured, how often and in which profile.
#[derive(Debug)]
pub(crate) struct Options {
    /// Cargo profile of everything that is measured, peers included.
    pub(crate) profile: String,
    /// Samples of each figure; the median counts.
    pub(crate) rounds: usize,
    only: Vec<String>,
}

/// Kinds of figures. The last is about builds, all others about runs.
const KINDS: [&str; 6] = ["process", "thread", "startup", "record", "memory", "build"];

impl Options {
    /// Reads the arguments after the program's name.
    pub(crate) fn parse(args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            profile: "bench".to_owned(),
            rounds: 5,
            only: Vec::new(),
        };
        let mut args = args;
        while let Some(arg) = args.next() {
            let value = args
                .next()
                .ok_or_else(|| format!("`{arg}` needs a value"))?;
            match arg.as_str() {
                "--profile" => options.profile = value,
                "--rounds" => options.rounds = value.parse::<usize>()?.max(1),
                "--only" if KINDS.contains(&value.as_str()) => options.only.push(value),
                "--only" => {
                    return Err(format!("`--only` takes one of {}", KINDS.join(", ")).into());
                }
                _ => {
                    return Err(format!(
                        "unknown argument `{arg}`; there are --profile, --rounds and --only"
                    )
                    .into());
                }
            }
        }
        Ok(options)
    }

    /// Whether figures of this kind are measured.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == kind)
    }

    /// Whether anything is to be run at all.
    pub(crate) fn wants_runs(&self) -> bool {
        KINDS
            .iter()
            .any(|kind| *kind != "build" && self.wants(kind))
    }

    /// A clean build takes so long that noise matters less: three are enough.
    pub(crate) fn builds(&self) -> usize {
        self.rounds.min(3)
    }
}
