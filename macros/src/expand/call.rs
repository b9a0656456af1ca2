//! Fixtures in, the user's function called, its value turned into a result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Signature};

use crate::function::{Handed, Parameter, never_returns, returned_span};

/// How a parameter of the function comes by its value.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// `session.acquire::<T>()?`
    Fixture,
    /// `session.hook_arg::<T>()?`
    Hook,
}

/// Statements that make every argument that is not a case's value.
pub(crate) fn acquire(parameters: &[Parameter], source: Source) -> TokenStream {
    let method = match source {
        Source::Fixture => format_ident!("acquire"),
        Source::Hook => format_ident!("hook_arg"),
    };
    let lines = parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| !parameter.case)
        .map(|(index, parameter)| {
            let name = local(index);
            let ty = &parameter.ty;
            let mutable = (parameter.handed == Handed::MutableReference).then(|| quote!(mut));
            // The compiler's complaint about an unfit type belongs under the type.
            quote_spanned! {ty.span().resolved_at(Span::call_site())=>
                let #mutable #name = __phasegate_session.#method::<#ty>()?;
            }
        });
    quote!(#(#lines)*)
}

/// The call itself, awaited when the function is asynchronous. `values` are those of one case.
pub(crate) fn call(
    signature: &Signature,
    parameters: &[Parameter],
    values: &[Expr],
) -> TokenStream {
    let mut values = values.iter();
    let arguments = parameters.iter().enumerate().map(|(index, parameter)| {
        if parameter.case {
            let value = values.next();
            return quote!(#value);
        }
        let name = local(index);
        match parameter.handed {
            Handed::Value => quote!(#name),
            Handed::Reference => quote!(&#name),
            Handed::MutableReference => quote!(&mut #name),
        }
    });
    let name = signature.ident.clone();
    let awaited = signature.asyncness.map(|_| quote!(.await));
    quote!(#name(#(#arguments),*) #awaited)
}

/// Runs `call` (an expression made of [`call`]s) and ends the block with its result.
///
/// What a synchronous function does stays outside the runtime. An asynchronous one takes its
/// fixtures along, so that they are dropped while the runtime can still be reached.
pub(crate) fn finish(signature: &Signature, call: &TokenStream) -> TokenStream {
    let value = match signature.asyncness {
        Some(_) => quote!(__phasegate_session.block_on(async move { #call })?),
        None => call.clone(),
    };
    if never_returns(signature) {
        // There is no value to look at, and looking would be unreachable code.
        return match signature.asyncness {
            Some(_) => quote!(let () = #value; ::core::result::Result::Ok(())),
            None => value,
        };
    }
    let result = quote_spanned! {returned_span(signature).resolved_at(Span::call_site())=>
        (&&&::phasegate::__private::Returned::new(__phasegate_value)).to_test_result()
    };
    quote! {
        use ::phasegate::__private::{ViaDebug as _, ViaError as _, ViaTermination as _};
        let __phasegate_value = #value;
        #result
    }
}

fn local(index: usize) -> Ident {
    format_ident!("__phasegate_argument_{index}")
}
