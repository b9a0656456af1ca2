//! The attributes of the `phasegate` test harness: declarations in, registrations out.
//!
//! Use them through the `phasegate` crate; what they generate names its paths. Attributes are
//! parsed into typed values in `attrs` and turned into code in `expand`.

mod attrs;
mod digest;
mod duration;
mod errors;
mod expand;
mod function;
mod nearest;

use proc_macro::TokenStream;

/// Registers a test.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::test::expand(arguments.into(), item.into()).into()
}

/// Says something of every test in a module.
#[proc_macro_attribute]
pub fn suite(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::suite::expand(arguments.into(), item.into()).into()
}

/// Registers a hook.
#[proc_macro_attribute]
pub fn hook(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::hook::expand(arguments.into(), item.into()).into()
}

/// Registers a preload.
#[proc_macro_attribute]
pub fn preload(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::preload::expand(arguments.into(), item.into()).into()
}

/// Derives `Fixture`.
#[proc_macro_derive(Fixture, attributes(fixture))]
pub fn fixture(item: TokenStream) -> TokenStream {
    expand::fixture::expand(item.into()).into()
}
