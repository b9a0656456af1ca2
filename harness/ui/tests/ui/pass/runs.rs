//! Declarations do what the functions say: bodies are run, cases told apart, results kept.
#![deny(warnings)]

use std::cell::Cell;

use phasegate::__private::{TestDecl, Verdict, detached_session, inventory::iter};
use phasegate::{Context, Fixture, Needs};

thread_local! {
    static HEARD: Cell<Vec<String>> = const { Cell::new(Vec::new()) };
}

fn say(text: impl Into<String>) {
    let mut heard = HEARD.take();
    heard.push(text.into());
    HEARD.set(heard);
}

fn inside_a_runtime() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}

struct Counter(u8);

impl Fixture for Counter {
    fn declare(needs: &mut Needs) {
        needs.boundary("counter");
    }

    async fn acquire(_: &Context) -> phasegate::Result<Self> {
        say("acquired");
        Ok(Self(0))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        say(format!("dropped {} {}", self.0, inside_a_runtime()));
    }
}

#[derive(Fixture)]
#[fixture(boundary = "files")]
struct Twice {
    #[fixture(boundary = ["cache"])]
    first: Counter,
    second: Counter,
}

#[phasegate::test]
fn by_value(counter: Counter) {
    say(format!("value {} {}", counter.0, inside_a_runtime()));
}

#[phasegate::test]
async fn by_reference(counter: &mut Counter, again: &Twice) {
    counter.0 += 1 + again.first.0 + again.second.0;
    std::future::ready(()).await;
    say(format!("reference {} {}", counter.0, inside_a_runtime()));
}

#[phasegate::test]
#[case::a("x", 1)]
#[case::b(&String::from("y"), 2)]
fn cases(#[case] text: &str, counter: &Counter, #[case] number: u8) -> Result<(), String> {
    say(format!("{text}{}", number + counter.0));
    if number == 2 { Err("two".into()) } else { Ok(()) }
}

#[phasegate::test]
async fn own_error() -> phasegate::Result {
    Err(phasegate::Error::new("no"))
}

#[phasegate::test]
fn opaque() -> impl std::process::Termination {
    std::process::ExitCode::from(3)
}

#[phasegate::test]
#[should_panic]
fn never() -> ! {
    panic!("boom")
}

#[phasegate::test]
#[should_panic]
#[case::one(1)]
async fn never_later(#[case] number: u8) -> ! {
    panic!("{number}")
}

fn run(name: &str, case: usize) -> (Result<(), Verdict>, Vec<String>) {
    let test = iter::<TestDecl>.into_iter().find(|test| test.path.ends_with(name)).unwrap();
    HEARD.take();
    let result = (test.run)(&mut detached_session(), case);
    (result, HEARD.take())
}

fn needs(name: &str) -> String {
    let test = iter::<TestDecl>.into_iter().find(|test| test.path.ends_with(name)).unwrap();
    let mut needs = Needs::default();
    (test.needs)(&mut needs);
    // Services are said with the feature of that name only.
    format!("{needs:?}").replace(", services: []", "")
}

fn main() {
    assert_eq!(needs("::never"), "Needs { boundaries: [], patterns: [] }");
    assert_eq!(needs("::cases"), "Needs { boundaries: [\"counter\"], patterns: [] }");
    assert_eq!(
        needs("::by_reference"),
        "Needs { boundaries: [\"counter\", \"files\", \"cache\", \"counter\", \"counter\"], patterns: [\"Twice\"] }"
    );

    let (result, heard) = run("::by_value", 0);
    assert_eq!(result, Ok(()));
    assert_eq!(heard, ["acquired", "value 0 false", "dropped 0 false"]);

    let (result, heard) = run("::by_reference", 0);
    assert_eq!(result, Ok(()));
    assert_eq!(heard[..4], ["acquired", "acquired", "acquired", "reference 1 true"]);
    assert_eq!(heard.iter().filter(|line| line.starts_with("dropped")).count(), 3);
    assert!(heard[4..].iter().all(|line| line.ends_with("true")), "{heard:?}");

    let (result, heard) = run("::cases", 0);
    assert_eq!(result, Ok(()));
    assert_eq!(heard, ["acquired", "x1", "dropped 0 false"]);
    let (result, heard) = run("::cases", 1);
    assert_eq!(result, Err(Verdict::failed("the test returned an error: \"two\"")));
    assert_eq!(heard[1], "y2");

    let Err(Verdict::Failed(failure)) = run("::own_error", 0).0 else {
        panic!("an error must fail the test");
    };
    assert_eq!(failure.message, "no");
    assert!(failure.location.unwrap().contains("runs.rs"));
    assert!(run("::opaque", 0).0.is_err());
    assert!(std::panic::catch_unwind(|| run("::never", 0)).is_err());
    assert!(std::panic::catch_unwind(|| run("::never_later", 0)).is_err());
}
