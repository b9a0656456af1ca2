//! `#[phasegate::hook]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::call::{self, Source};
use super::terms::option;
use crate::attrs::hook::{HookArguments, Point};
use crate::errors::Errors;
use crate::function::{self, Kind};

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let read = HookArguments::parse(arguments, &mut errors);
    let Some(mut hook) = function::read(Kind::Hook, &item, &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#errors #item);
    };
    function::check_signature(&hook.sig, Kind::Hook, &mut errors);
    let parameters = function::parameters(&mut hook.sig, Kind::Hook, &mut errors);
    let (Some(point), true) = (read.point, errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote!(#errors #[allow(unused)] #hook);
    };

    let acquire = call::acquire(&parameters, Source::Hook);
    let finish = call::finish(&hook.sig, &call::call(&hook.sig, &parameters, &[]));
    let session = match parameters.is_empty() && hook.sig.asyncness.is_none() {
        true => quote!(_),
        false => quote!(__phasegate_session),
    };
    let name = hook.sig.ident.unraw().to_string();
    let point = literal(point);
    let phase = option(read.phase.map(|phase| quote!(#phase)));
    let after = read.after;
    let timeout = option(read.timeout_ms.map(|milliseconds| quote!(#milliseconds)));
    quote! {
        #hook
        const _: () = {
            fn __phasegate_run(
                #session: &mut ::phasegate::__private::Session,
            ) -> ::phasegate::__private::TestResult {
                #acquire
                #finish
            }
            ::phasegate::__private::inventory::submit! {
                ::phasegate::__private::HookDecl {
                    path: ::core::concat!(::core::module_path!(), "::", #name),
                    point: #point,
                    phase: #phase,
                    after: &[#(#after),*],
                    timeout_ms: #timeout,
                    file: ::core::file!(),
                    line: ::core::line!(),
                    run: __phasegate_run,
                }
            }
        };
    }
}

fn literal(point: Point) -> TokenStream {
    let name = match point {
        Point::BeforeRun => quote!(BeforeRun),
        Point::AfterRun => quote!(AfterRun),
        Point::BeforePhase => quote!(BeforePhase),
        Point::AfterPhase => quote!(AfterPhase),
        Point::BeforeTest => quote!(BeforeTest),
        Point::AfterTest => quote!(AfterTest),
    };
    quote!(::phasegate::__private::HookPoint::#name)
}
