//! Macros by example: the entry point and the way out.

/// Makes a test target a phasegate binary. Stands once in the target's root file; the target's
/// section in `Cargo.toml` says `harness = false`.
///
/// ```toml
/// [[test]]
/// name = "integration"
/// harness = false
/// ```
///
/// ```no_run
/// phasegate::main!();
/// ```
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::main($crate::__private::Binary {
                package: ::core::env!("CARGO_PKG_NAME"),
                target: ::core::env!("CARGO_CRATE_NAME"),
                manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                marker: "phasegate-test-binary:v1",
            })
        }
    };
}

/// Leaves the test and reports it as skipped, with the reason. Takes what `format!` takes; works
/// at any depth, in tests, fixtures and hooks before a test.
///
/// A skipped test is no passed test: it stays in the denominator of its phase.
///
/// ```no_run
/// # fn gpu_count() -> usize { 0 }
/// if gpu_count() == 0 {
///     phasegate::skip!("needs a GPU; this machine has none");
/// }
/// ```
#[macro_export]
macro_rules! skip {
    ($($why:tt)+) => {
        $crate::__private::skip(::std::format!($($why)+))
    };
}
