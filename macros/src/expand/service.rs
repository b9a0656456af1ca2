//! `#[phasegate::service]`

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, ExprPath, ItemFn, Type};

use super::terms::option;
use crate::attrs::service::ServiceArguments;
use crate::errors::Errors;
use crate::function::{self, Kind};

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let read = ServiceArguments::parse(arguments, &mut errors);
    let Some(make) = function::read(Kind::Service, &item, &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#errors #item);
    };
    let ty = check(&make, &mut errors);
    let (Some(ty), true) = (ty, errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote!(#errors #[allow(unused)] #make);
    };

    // A declaration must be left out together with its function.
    let cfgs: Vec<&Attribute> = make
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .collect();
    let (visibility, ident) = (&make.vis, &make.sig.ident);
    let name = ident.unraw().to_string();
    // Under the type belongs the compiler's complaint that it is no service.
    let span = ty.span().resolved_at(Span::call_site());
    let service = quote_spanned!(span=> <#ty as ::phasegate::__private::Service>);
    let made = quote_spanned!(span=> ::phasegate::__private::erase::<#ty>);
    let fallback = option(read.fallback.as_ref().map(|path| fallback(&made, path)));
    let restarts = match read.restarts {
        Some(count) => quote!(#count),
        None => quote!(::phasegate::__private::RESTARTS),
    };
    let timeout = option(read.timeout_ms.map(|milliseconds| quote!(#milliseconds)));
    let (boundaries, after) = (read.boundaries, read.after);
    quote! {
        #make
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #visibility struct #ident {}
        #(#cfgs)*
        const _: () = {
            impl ::phasegate::__private::Which for #ident {
                const NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some(#name);
            }
            ::phasegate::__private::inventory::submit! {
                ::phasegate::__private::ServiceDecl {
                    path: ::core::concat!(::core::module_path!(), "::", #name),
                    name: #name,
                    kind: #service::KIND,
                    embedded: #service::EMBEDDED,
                    boundaries: &[#(#boundaries),*],
                    after: &[#(#after),*],
                    type_id: ::core::any::TypeId::of::<#ty>,
                    type_name: ::core::any::type_name::<#ty>,
                    make: || #made(#ident()),
                    fallback: #fallback,
                    restarts: #restarts,
                    timeout_ms: #timeout,
                    file: ::core::file!(),
                    line: ::core::line!(),
                }
            }
        };
    }
}

/// Calls the function that makes the stand-in; what does not fit is complained about there.
fn fallback(made: &TokenStream, path: &ExprPath) -> TokenStream {
    let call = quote_spanned!(path.span().resolved_at(Span::call_site())=> #path());
    quote!(|| #made(#call))
}

/// The driver's type, if the function says one.
fn check<'a>(make: &'a ItemFn, errors: &mut Errors) -> Option<&'a Type> {
    let signature = &make.sig;
    function::check_signature(signature, Kind::Service, errors);
    if let Some(token) = &signature.asyncness {
        errors.on(
            token,
            "a service function cannot be `async`: it describes the service and starts nothing; remove `async`",
        );
    }
    if !signature.inputs.is_empty() {
        errors.on(
            &signature.inputs,
            "a service function takes no parameters: it is called before any test has fixtures; remove them",
        );
    }
    let Some(ty) = function::returned(signature) else {
        errors.on(
            &signature.ident,
            "a service function returns a driver: write its type, as in `fn database() -> Postgres`",
        );
        return None;
    };
    match ty {
        Type::ImplTrait(_) => errors.on(
            ty,
            "tests ask for a service by the type of its driver: name the type instead of `impl`",
        ),
        Type::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|last| matches!(&*last.ident.to_string(), "Result" | "Option")) =>
        {
            errors.on(
                ty,
                "a service function returns the driver itself: it starts nothing that could fail; what goes wrong in `start` blocks the tests and says why",
            );
        }
        _ => {}
    }
    Some(ty)
}
