//! The attributes of the `phasegate` test harness: declarations in, registrations out.
//!
//! Depend on `phasegate`, which re-exports everything here; generated code names its paths.
//!
//! | attribute | on | registers |
//! |---|---|---|
//! | [`test`](macro@test) | a function | a test, or one a case |
//! | [`suite`](macro@suite) | a module | what all tests in it have in common |
//! | [`hook`](macro@hook) | a function | what runs around the run, a phase or each test |
//! | [`preload`](macro@preload) | a function | a value built once and shared by all tests |
//! | [`service`](macro@service) | a function | what stands behind a boundary, for tests to lease |
//! | [`Fixture`](derive@Fixture) | a struct | nothing; makes the struct a parameter of tests |
//!
//! Attributes are parsed into typed values in `attrs` and become code in `expand`.

mod attrs;
mod digest;
mod duration;
mod errors;
mod expand;
mod function;
mod nearest;

use proc_macro::TokenStream;

/// Registers a function as a test.
///
/// ```
/// use phasegate::prelude::*;
///
/// #[phasegate::test]
/// fn plain() {
///     assert_eq!(1 + 1, 2);
/// }
///
/// #[phasegate::test(phase = "C", boundary = ["files"], timeout = "5s")]
/// async fn keeps_a_session(dir: TempDir) -> phasegate::Result {
///     std::fs::write(dir.join("session"), "42")?;
///     Ok(())
/// }
/// ```
///
/// # Arguments
///
/// All are optional. Those of a [`suite`](macro@suite) around the test hold for it too.
///
/// | argument | meaning |
/// |---|---|
/// | `phase = "C"` | the phase that the test belongs to |
/// | `boundary = ["database"]` | boundaries that it crosses, beside those of its fixtures |
/// | `tags = ["slow"]` | free labels, for filters and reports |
/// | `criterion = ["C-3"]` | criteria of a gate that it is evidence for |
/// | `isolation = "process"` | a process of its own, or `"thread"`: a thread of the test binary |
/// | `timeout = "1m 30s"` | time for one attempt, in whole `ms`, `s`, `m` and `h` |
/// | `retries = 2` | attempts allowed after the first |
/// | `serial = "ledger"` | no two tests of one group run at the same time |
/// | `ignore`, `ignore = "why"` | not run unless asked for |
/// | `should_panic`, `should_panic = "text"` | passes when it panics, with the text in its message |
///
/// A list of one may be written without brackets: `tags = "slow"`. The standard `#[ignore]`,
/// `#[ignore = "why"]`, `#[should_panic]` and `#[should_panic(expected = "text")]` are understood,
/// in `#[cfg_attr]` as well.
///
/// # The function
///
/// It is `fn` or `async fn`, and returns `()`, a `Result` whose error is `Debug`, or whatever else
/// `main` may return. A synchronous function runs outside any runtime; an asynchronous one runs on
/// a tokio runtime of its own thread.
///
/// Each parameter is a fixture: acquired before the body in the order written, handed over as `T`,
/// `&T` or `&mut T`, and released afterwards.
///
/// # Cases
///
/// Each `#[case::name(…)]` under the attribute makes one test `function::name` with its values in
/// the parameters marked `#[case]`; without a name it is `case_1`, `case_2` and so on by position.
///
/// ```
/// use phasegate::prelude::*;
///
/// #[phasegate::test(phase = "B")]
/// #[case::empty("", 0)]
/// #[case::unicode("Amélie", 6)]
/// fn counts_characters(_: &Context, #[case] title: &str, #[case] count: usize) {
///     assert_eq!(title.chars().count(), count);
/// }
/// ```
///
/// # Expansion
///
/// The function moves into an unnamed constant, beside the registration. In its place stands a
/// standard test of the same name, for editors to find; it is compiled only if the target lacks
/// `harness = false`, and then fails and says so.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::test::expand(arguments.into(), item.into()).into()
}

/// Says something of every test in a module, and in the modules inside it.
///
/// ```
/// #[phasegate::suite(phase = "C", boundary = ["auth"])]
/// mod auth_flow {
///     #[phasegate::test(timeout = "5s")]
///     fn logs_in() {}
/// }
/// ```
///
/// The arguments are those of [`test`](macro@test) without `should_panic`. What a test or an inner
/// suite says itself wins over what the suite around it says; boundaries, tags and criteria add
/// up.
///
/// The module must have its content between braces. A module in a file of its own can hold a
/// `#[phasegate::suite] mod suite { … }`.
#[proc_macro_attribute]
pub fn suite(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::suite::expand(arguments.into(), item.into()).into()
}

/// Registers a function to run around the run, a phase or each test.
///
/// ```
/// use phasegate::prelude::*;
///
/// #[phasegate::hook(before_phase = "C", timeout = "5s")]
/// async fn warm_up(cx: &PhaseContext) -> phasegate::Result {
///     assert_eq!(cx.phase(), "C");
///     Ok(())
/// }
///
/// #[phasegate::hook(before_phase = "C", after = ["warm_up"])]
/// fn seed(run: RunContext) {
///     let _ = run.seed();
/// }
/// ```
///
/// # Arguments
///
/// Exactly one of the first six.
///
/// | argument | meaning |
/// |---|---|
/// | `before_run`, `after_run` | around everything |
/// | `before_phase = "C"`, `after_phase = "C"` | around the tests of a phase; of each, without a value |
/// | `before_test`, `after_test` | around each test, in the test's own process |
/// | `after = ["other"]` | hooks of the same point that run before this one |
/// | `timeout = "5s"` | time for it, written as for [`test`](macro@test) |
///
/// # The function
///
/// It is `fn` or `async fn` and returns what a test may return. Its parameters are `RunContext`,
/// `PhaseContext` (where there is a phase) or `Context` (around tests), by value or by reference.
#[proc_macro_attribute]
pub fn hook(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::hook::expand(arguments.into(), item.into()).into()
}

/// Registers a function that builds a value once, for all tests to read.
///
/// ```
/// use phasegate::prelude::*;
///
/// struct Catalogue(Vec<String>);
///
/// #[phasegate::preload]
/// fn catalogue() -> Catalogue {
///     Catalogue(vec!["Amélie".to_owned()])
/// }
///
/// #[phasegate::test]
/// fn has_titles(catalogue: Shared<Catalogue>) {
///     assert!(!catalogue.0.is_empty());
/// }
/// ```
///
/// The function runs before any test's process is forked, so it must start no thread: it is
/// synchronous and takes no parameters. What it returns is `Send + Sync + 'static`; a test gets it
/// as `Shared<T>`, by its type, so no two preloads of a binary return the same type. To fail,
/// panic.
#[proc_macro_attribute]
pub fn preload(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::preload::expand(arguments.into(), item.into()).into()
}

/// Registers a function that describes a service: what stands behind a boundary during a run, and
/// is leased to tests.
///
/// ```ignore
/// use phasegate::prelude::*;
///
/// #[phasegate::service(boundary = "database")]
/// fn database() -> Postgres {
///     Postgres::local().migrations("migrations")
/// }
///
/// #[phasegate::service(boundary = "cache", after = ["database"], fallback = smaller)]
/// fn cache() -> Redis {
///     Redis::local()
/// }
///
/// fn smaller() -> Redis {
///     Redis::external_from_env("CACHE_URL")
/// }
///
/// #[phasegate::test(phase = "A")]
/// async fn crosses_both(db: Lease<Postgres>, cache: Lease<Redis>) {}
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// |---|---|
/// | `boundary = ["database"]` | what it stands behind; required. Tests that lease it cross this |
/// | `after = ["database"]` | services, by the names of their functions, that are ready before it starts |
/// | `fallback = function` | describes a stand-in, of the same type, for when this one cannot start |
/// | `restarts = 1` | how often it may come back after it died (1) |
/// | `timeout = "30s"` | time from its start until it is ready, written as for [`test`](macro@test) |
///
/// # The function
///
/// It takes no parameters, is synchronous and returns a driver: a type that implements `Service`.
/// It describes and starts nothing, and it is called in several processes: what it reads must be
/// the same in each.
///
/// Its name is the name of the service, unique in the test binary. A type of that name is declared
/// beside it, for tests that must say which of several services of one type they lease:
/// `Lease<Postgres, archive>`. Where such a type would be in the way – of a module `archive`, or of
/// a crate `redis` that the same module names – give the function another name.
#[proc_macro_attribute]
pub fn service(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::service::expand(arguments.into(), item.into()).into()
}

/// Makes a struct of fixtures a fixture itself: a *pattern*, which reports name.
///
/// ```
/// use phasegate::prelude::*;
///
/// #[derive(Fixture)]
/// #[fixture(boundary = ["files"])]
/// struct Workspace {
///     dir: TempDir,
///     cx: Context,
/// }
///
/// #[phasegate::test]
/// fn has_a_directory_of_its_own(workspace: Workspace) {
///     assert!(workspace.dir.is_dir());
///     assert!(!workspace.cx.namespace().is_empty());
/// }
/// ```
///
/// Fields are acquired in the order written; a pattern has the boundaries of its fields, and those
/// that `#[fixture(boundary = […])]` names on the struct or on a field. Structs of each form are
/// fine, generic ones too: their parameters must then be fixtures. Lifetimes are not, since a
/// fixture owns what it holds.
#[proc_macro_derive(Fixture, attributes(fixture))]
pub fn fixture(item: TokenStream) -> TokenStream {
    expand::fixture::expand(item.into()).into()
}
