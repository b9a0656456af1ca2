//! 10,000 trivial trials on libtest-mimic itself.

use libtest_mimic::{Arguments, Trial};

fn main() {
    let trials = (0..10_000)
        .map(|number| Trial::test(format!("c{number:05}"), || Ok(())))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
