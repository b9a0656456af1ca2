//! A driver's panic, made an error: the supervisor has more to see to than that driver.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::terms::{Error, Result};

/// Does what a driver, or the function that describes a service, has to do. What it leaves behind
/// when it panics is as unknown as after an error, and nobody looks at it again.
pub(crate) async fn caught<T>(part: impl Future<Output = Result<T>>) -> Result<T> {
    let mut part = pin!(part);
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| part.as_mut().poll(cx)))
            .unwrap_or_else(|panic| Poll::Ready(Err(said(panic.as_ref()))))
    })
    .await
}

fn said(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    match text {
        Some(text) => Error::new(format_args!("it panicked: {text}")),
        None => Error::new("it panicked"),
    }
}
