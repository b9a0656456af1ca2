//! `#[phasegate::preload]`

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{ItemFn, Type};

use crate::errors::Errors;
use crate::function::{self, Kind};

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if !arguments.is_empty() {
        errors.on(
            &arguments,
            "`#[phasegate::preload]` takes no arguments: remove them",
        );
    }
    let Some(build) = function::read(Kind::Preload, &item, &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#errors #item);
    };
    let ty = check(&build, &mut errors);
    let (Some(ty), true) = (ty, errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote!(#errors #[allow(unused)] #build);
    };

    let ident = &build.sig.ident;
    let name = ident.unraw().to_string();
    // The compiler's complaint about what threads cannot share belongs under the type.
    let boxed = quote_spanned! {ty.span().resolved_at(Span::call_site())=>
        ::std::boxed::Box::<#ty>::new(#ident())
    };
    quote! {
        #build
        const _: () = {
            fn __phasegate_build() -> ::std::boxed::Box<
                dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
            > {
                #boxed
            }
            ::phasegate::__private::inventory::submit! {
                ::phasegate::__private::PreloadDecl {
                    path: ::core::concat!(::core::module_path!(), "::", #name),
                    type_id: ::core::any::TypeId::of::<#ty>,
                    build: __phasegate_build,
                    file: ::core::file!(),
                    line: ::core::line!(),
                }
            }
        };
    }
}

/// The type that is preloaded, if the function says one.
fn check<'a>(build: &'a ItemFn, errors: &mut Errors) -> Option<&'a Type> {
    let signature = &build.sig;
    function::check_signature(signature, Kind::Preload, errors);
    if let Some(token) = &signature.asyncness {
        errors.on(
            token,
            "a preload function cannot be `async`: it runs before any runtime exists; remove `async`",
        );
    }
    if !signature.inputs.is_empty() {
        errors.on(
            &signature.inputs,
            "a preload function takes no parameters: it runs before any test has fixtures",
        );
    }
    let Some(ty) = function::returned(signature) else {
        errors.on(
            &signature.ident,
            "a preload function returns what tests share: write its type, as in `fn catalogue() -> Catalogue`",
        );
        return None;
    };
    match ty {
        Type::ImplTrait(_) => errors.on(
            ty,
            "tests ask for what is preloaded by its type: name the type instead of `impl`",
        ),
        Type::Path(path)
            if path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Result") =>
        {
            errors.on(
                ty,
                "a preload function returns the value itself: panic, as with `expect`, when it cannot be built",
            );
        }
        _ => {}
    }
    Some(ty)
}
