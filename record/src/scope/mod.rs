//! The expression language that selects tests, in criteria and on the command line.
//!
//! * [`Scope`] – a parsed expression; what it matches and what it names.
//! * [`Subject`] – what it is asked about: one test, and how it ended if it did.
//! * [`ScopeError`] – where an expression stops making sense, and what to write instead.
//!
//! # The language
//!
//! It follows nextest's filtersets.
//!
//! | predicate | selects tests | bare argument |
//! |---|---|---|
//! | `phase(C)` | of a phase | whole name |
//! | `boundary(cache)` | that cross a boundary | whole name |
//! | `pattern(DeviceSessions)` | that take a composite fixture | whole name |
//! | `tag(slow)` | with a label | whole name |
//! | `test(login)` | by name within the binary | part of the name |
//! | `file(tests/**/*.rs)` | declared in a source file | glob |
//! | `package(api)`, `binary(integration)` | of a Cargo package, of a test binary | whole name |
//! | `status(failed)` | by outcome: `passed`, `failed`, `timed-out`, `crashed`, `blocked`, `skipped`, `flaky`, `fallback`, `not-run` | the word |
//! | `all()`, `none()` | every test, no test | – |
//!
//! An argument says how it compares by its first character: `=whole`, `~part`, `#glob*`,
//! `/regular expression/`. In globs `*` and `?` stop at `/`, and `**` does not. A backslash takes
//! the meaning from the character after it, `\)` for one.
//!
//! | operator | meaning | binds |
//! |---|---|---|
//! | `!a`, `not a` | tests that `a` does not select | tightest |
//! | `a & b`, `a and b` | tests that both select | |
//! | `a - b` | tests that `a` selects and `b` does not: `a & !b` | as `&`, from the left |
//! | `a \| b`, `a or b`, `a + b` | tests that either selects | loosest |

mod error;
mod evaluate;
mod expression;
mod matcher;
mod names;
mod parser;
mod print;
mod reader;

pub use error::ScopeError;
pub use evaluate::Subject;
pub use expression::Scope;
pub use names::Reference;
