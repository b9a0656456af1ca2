//! The table that is printed at the end.

use std::time::Duration;

use crate::options::Options;

/// Rows in the order in which they were measured.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
}

/// What a figure has to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Table {
    /// A figure that stands beside others and has nothing to reach.
    pub(crate) fn note(&mut self, what: &str, measured: &str) {
        self.row(what, measured, "", "");
    }

    /// A time in seconds that has nothing to reach.
    pub(crate) fn time(&mut self, what: &str, wall: Duration) {
        self.note(what, &format!("{:.3} s", wall.as_secs_f64()));
    }

    /// A figure with a target. What is shown is rounded against the target, never in its favour.
    pub(crate) fn figure(
        &mut self,
        what: &str,
        value: f64,
        decimals: i32,
        unit: &str,
        target: Target,
    ) {
        let scale = 10f64.powi(decimals);
        let digits = usize::try_from(decimals).unwrap_or(0);
        let (shown, limit, met, word) = match target {
            Target::AtLeast(limit) => ((value * scale).floor() / scale, limit, value >= limit, "≥"),
            Target::AtMost(limit) => ((value * scale).ceil() / scale, limit, value <= limit, "≤"),
        };
        let met = if met { "yes" } else { "NO" };
        self.row(
            what,
            &format!("{shown:.digits$}{unit}"),
            &format!("{word} {limit}{unit}"),
            met,
        );
    }

    fn row(&mut self, what: &str, measured: &str, target: &str, met: &str) {
        eprintln!("{what}: {measured} {target} {met}");
        self.rows
            .push([what, measured, target, met].map(str::to_owned));
    }

    /// Prints everything as a Markdown table.
    pub(crate) fn print(&self, options: &Options) {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load: Vec<&str> = load.split_whitespace().take(3).collect();
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "\nprofile `{}`, medians of {} rounds, {cpus} CPUs, load average at the end {}\n",
            options.profile,
            options.rounds,
            load.join(" ")
        );
        let head = ["figure", "measured", "target", "met"].map(str::to_owned);
        let width = |column: usize| {
            let cells = self
                .rows
                .iter()
                .chain([&head])
                .map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths = [0, 1, 2, 3].map(width);
        let line = |row: &[String; 4]| {
            let cells = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:<width$}"));
            println!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        };
        line(&head);
        line(&widths.map(|width| "-".repeat(width)));
        self.rows.iter().for_each(line);
    }
}
