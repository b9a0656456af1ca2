//! The lending library's integration tests: a tour of phasegate. Start in `fixtures`, go on with
//! `foundation` (phase A) and `lookups` (phase B); the gates stand in `phasegate.toml`.

mod fixtures;
mod foundation;
mod lookups;

use std::net::TcpListener;

use fixtures::Stock;
use phasegate::prelude::*;

phasegate::main!();

/// Read once, before any test's process is forked; tests take it as `Shared<Stock>`.
#[phasegate::preload]
fn stock() -> Stock {
    Stock::read(include_str!("stock.tsv"))
}

/// Without loopback no test of the API means anything: say so once instead of in each of them.
#[phasegate::hook(before_run, timeout = "5s")]
fn loopback_is_there() -> phasegate::Result {
    TcpListener::bind("127.0.0.1:0")?;
    Ok(())
}

#[phasegate::test(phase = "A", tags = ["quick"])]
fn the_stock_has_no_book_twice(stock: Shared<Stock>) {
    let mut isbns: Vec<_> = stock.books().iter().map(|book| &book.isbn).collect();
    isbns.sort();
    isbns.dedup();
    assert_eq!(isbns.len(), stock.books().len());
}
