//! Measures phasegate beside its peers and prints the figures in one table.
//!
//! `cargo bench -p phasegate --bench isolation` runs this. Arguments after `--`:
//! `--profile dev` measures what `cargo test` builds by default, `--rounds N` changes the number
//! of rounds, `--only WORD` (repeatable) measures only `process`, `thread`, `startup`, `record`,
//! `memory` or `build`.
//!
//! * [`options`] – the command line; [`suites`] – builds what is measured.
//! * [`stage`] – where recorded and unrecorded runs take place; [`sample`] – runs and times.
//! * [`running`] – figures of runs; [`building`] – figures of clean builds; [`table`] – prints.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod building;
mod options;
mod running;
mod sample;
mod stage;
mod suites;
mod table;

use std::process::ExitCode;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let options = options::Options::parse(std::env::args().skip(1))?;
    let mut table = table::Table::default();
    if options.wants_runs() {
        let suites = suites::Suites::build(&options.profile)?;
        running::measure(&options, &suites, &mut table)?;
    }
    if options.wants("build") {
        building::measure(options.builds(), &mut table)?;
    }
    table.print(&options);
    Ok(())
}
