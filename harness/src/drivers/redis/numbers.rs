//! Which databases of our own server are free.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;

/// Numbers of free databases; longest free, first taken.
pub(super) struct Numbers {
    free: Mutex<VecDeque<u32>>,
    /// As many permits as there are free numbers.
    room: Semaphore,
}

impl Numbers {
    pub(super) fn new(numbers: impl IntoIterator<Item = u32>) -> Self {
        let free: VecDeque<u32> = numbers.into_iter().collect();
        Self {
            room: Semaphore::new(free.len()),
            free: Mutex::new(free),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<u32>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that nobody has; waits until there is one. It is given back when the guard is
    /// dropped, unless it was kept.
    pub(super) async fn take(&self) -> Taken<'_> {
        let permit = self.room.acquire().await;
        permit.expect("the semaphore is never closed").forget();
        let number = self.lock().pop_front();
        Taken {
            numbers: self,
            number: Some(number.expect("as many numbers as permits")),
        }
    }

    /// The database of that number is empty, and nobody can reach it.
    pub(super) fn give_back(&self, number: u32) {
        self.lock().push_back(number);
        self.room.add_permits(1);
    }
}

/// A number on its way to a lease.
pub(super) struct Taken<'a> {
    numbers: &'a Numbers,
    number: Option<u32>,
}

impl Taken<'_> {
    pub(super) fn number(&self) -> u32 {
        self.number.unwrap_or_default()
    }

    pub(super) fn keep(mut self) {
        self.number = None;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number.take() {
            self.numbers.give_back(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    use super::Numbers;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn who_finds_none_waits_for_the_one_that_comes_back() {
        let numbers = Numbers::new(1..=2);
        let mut first = Box::pin(numbers.take());
        let Poll::Ready(first) = poll(first.as_mut()) else {
            panic!("one is free");
        };
        assert_eq!(first.number(), 1);
        let mut second = Box::pin(numbers.take());
        let Poll::Ready(second) = poll(second.as_mut()) else {
            panic!("another is free");
        };
        second.keep();
        let mut third = Box::pin(numbers.take());
        assert!(poll(third.as_mut()).is_pending());
        drop(first);
        let Poll::Ready(third) = poll(third.as_mut()) else {
            panic!("it came back");
        };
        assert_eq!(third.number(), 1);
    }
}
