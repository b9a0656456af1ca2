//! Every attribute once, under the strictest lints that a user may have.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications)]
#![deny(unused, clippy::all)]
#![forbid(unsafe_code)]

use phasegate::__private::{HookDecl, HookPoint, Isolation, PreloadDecl, SuiteDecl, TestDecl};
use phasegate::{Context, Fixture, PhaseContext, RunContext, Shared, TempDir};

/// Shared by tests.
#[derive(Debug)]
pub struct Catalogue(Vec<&'static str>);

#[phasegate::preload]
fn catalogue() -> Catalogue {
    Catalogue(vec!["a"])
}

#[derive(Fixture)]
#[fixture(boundary = ["files"])]
struct Vault {
    dir: TempDir,
    cx: Context,
}

#[derive(Fixture)]
struct Pair<A, B = TempDir>(A, B);

#[derive(Fixture)]
struct Nothing;

#[phasegate::test]
fn plain() {}

#[phasegate::test(
    phase = "C",
    boundary = ["database", "cache"],
    tags = "slow",
    criterion = ["C-3"],
    isolation = "thread",
    timeout = "1m 30s",
    retries = 2,
    serial = "ledger",
    ignore = "why",
    should_panic = "boom",
)]
fn everything() {
    panic!("boom");
}

#[phasegate::test]
#[ignore = "later"]
#[should_panic(expected = "boom")]
#[cfg_attr(all(), allow(unused_variables))]
fn dropped_in() {
    let unused = 1;
    panic!("boom");
}

#[phasegate::test]
#[cfg_attr(not(any()), ignore = "here")]
#[cfg_attr(any(), should_panic)]
fn conditional() {}

#[phasegate::test]
async fn with_fixtures(
    vault: Vault,
    pair: &Pair<TempDir>,
    nothing: &mut Nothing,
    mut cx: Context,
    Pair(one, _): Pair<Nothing>,
    shared: Shared<Catalogue>,
) -> phasegate::Result {
    let _ = (&vault.dir, &pair.0, &pair.1, &nothing, &one);
    cx.clone_from(&vault.cx);
    assert_eq!(cx.attempt(), 1);
    assert_eq!(shared.0.len(), 1);
    std::fs::read("x")?;
    Ok(())
}

#[phasegate::test(phase = "B")]
#[case::empty("", None)]
#[case("Amélie", Some(1 + 1))]
fn cases(dir: &TempDir, #[case] title: &str, #[case] count: Option<u8>) -> Result<(), String> {
    let _ = (dir.path(), title, count);
    Ok(())
}

#[phasegate::test]
#[case::one(1)]
#[case::two(2)]
async fn async_cases(#[case] number: u64) -> std::process::ExitCode {
    assert!(number > 0);
    std::process::ExitCode::SUCCESS
}

#[phasegate::suite(phase = "C", boundary = "auth", ignore)]
mod auth_flow {
    use super::*;

    #[phasegate::test]
    pub(super) fn logs_in(_: &Context) {}

    #[phasegate::suite(phase = "D")]
    mod deeper {
        #[phasegate::test]
        fn logs_out() {}
    }
}

#[phasegate::hook(before_phase = "C", after = ["first"], timeout = "5s")]
async fn warm_up(cx: &PhaseContext, run: RunContext) -> phasegate::Result {
    let _ = (cx.phase(), run.seed());
    Ok(())
}

#[phasegate::hook(before_run)]
fn first() {}

#[phasegate::test]
#[cfg(any())]
fn left_out(_: DoesNotExist) {}

fn main() {
    use phasegate::__private::inventory::iter;
    let mut tests: Vec<_> = iter::<TestDecl>.into_iter().collect();
    tests.sort_by_key(|test| test.path);
    let paths: Vec<_> = tests.iter().map(|test| test.path.split_once("::").unwrap().1).collect();
    assert_eq!(
        paths,
        [
            "async_cases",
            "auth_flow::deeper::logs_out",
            "auth_flow::logs_in",
            "cases",
            "conditional",
            "dropped_in",
            "everything",
            "plain",
            "with_fixtures",
        ]
    );
    let test = |name: &str| tests.iter().find(|test| test.path.ends_with(name)).unwrap();
    assert_eq!(test("::cases").cases, ["empty", "case_2"]);
    let all = test("everything").attrs;
    assert_eq!(all.phase, Some("C"));
    assert_eq!(all.boundaries, ["database", "cache"]);
    assert_eq!(all.tags, ["slow"]);
    assert_eq!(all.criteria, ["C-3"]);
    assert_eq!(all.isolation, Some(Isolation::Thread));
    assert_eq!(all.timeout_ms, Some(90_000));
    assert_eq!(all.retries, Some(2));
    assert_eq!(all.serial, Some("ledger"));
    assert_eq!(all.ignore.unwrap().reason, Some("why"));
    assert_eq!(all.should_panic.unwrap().expected, Some("boom"));
    let plain = test("plain");
    assert!(plain.attrs.phase.is_none() && plain.attrs.ignore.is_none());
    assert_eq!(plain.source_digest.len(), 64);
    assert!(plain.file.ends_with("every_attribute.rs"));
    assert_eq!(plain.line, 31);
    assert_eq!(test("dropped_in").attrs.ignore.unwrap().reason, Some("later"));
    assert_eq!(test("conditional").attrs.ignore.unwrap().reason, Some("here"));
    assert!(test("conditional").attrs.should_panic.is_none());

    let mut suites: Vec<_> = iter::<SuiteDecl>.into_iter().collect();
    suites.sort_by_key(|suite| suite.path);
    assert!(suites[0].path.ends_with("::auth_flow"));
    assert!(suites[1].path.ends_with("::auth_flow::deeper"));
    assert_eq!(suites[0].attrs.boundaries, ["auth"]);

    let hooks: Vec<_> = iter::<HookDecl>.into_iter().collect();
    let warm_up = hooks.iter().find(|hook| hook.path.ends_with("warm_up")).unwrap();
    assert_eq!(hooks.len(), 2);
    assert_eq!(warm_up.point, HookPoint::BeforePhase);
    assert_eq!((warm_up.phase, warm_up.after), (Some("C"), &["first"][..]));

    let preloads: Vec<_> = iter::<PreloadDecl>.into_iter().collect();
    assert_eq!(preloads.len(), 1);
    assert_eq!((preloads[0].type_id)(), std::any::TypeId::of::<Catalogue>());
    assert!((preloads[0].build)().is::<Catalogue>());
}
