//! `#[derive(Fixture)]`

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, GenericParam, Index, Member, parse_quote_spanned};

use crate::attrs::fixture::boundaries;
use crate::errors::Errors;

/// Expands the derive.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let boundaries = all_boundaries(&input, &mut errors);
    refuse_lifetimes(&input, &mut errors);
    match fields(&input, &mut errors) {
        Some(fields) if errors.is_empty() => write(&input, fields, &boundaries),
        _ => errors.into_tokens(),
    }
}

fn fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a Fields> {
    let refused: &dyn quote::ToTokens = match &input.data {
        Data::Struct(data) => return Some(&data.fields),
        Data::Enum(data) => &data.enum_token,
        Data::Union(data) => &data.union_token,
    };
    errors.on(
        refused,
        "`Fixture` is derived for structs, field by field: write a struct, or `impl Fixture` by hand",
    );
    None
}

fn all_boundaries(input: &DeriveInput, errors: &mut Errors) -> Vec<String> {
    let mut all = boundaries(&input.attrs, errors);
    if let Data::Struct(data) = &input.data {
        for field in &data.fields {
            all.extend(boundaries(&field.attrs, errors));
        }
    }
    all
}

fn refuse_lifetimes(input: &DeriveInput, errors: &mut Errors) {
    for parameter in input.generics.lifetimes() {
        errors.on(
            &parameter.lifetime,
            "a fixture owns what it holds: remove the lifetime and hold the values themselves",
        );
    }
}

fn write(input: &DeriveInput, fields: &Fields, boundaries: &[String]) -> TokenStream {
    let name = &input.ident;
    let pattern = name.unraw().to_string();
    let mut generics = input.generics.clone();
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            let span = parameter.ident.span();
            parameter
                .bounds
                .push(parse_quote_spanned!(span=> ::phasegate::__private::Fixture));
        }
    }
    let (implemented, arguments, clause) = generics.split_for_impl();
    let declare = fields.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned! {ty.span()=>
            <#ty as ::phasegate::__private::Fixture>::declare(__phasegate_needs);
        }
    });
    let acquire = fields.iter().enumerate().map(|(index, field)| {
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(index)),
        };
        let ty = &field.ty;
        let value = quote_spanned! {ty.span()=> __phasegate_context.acquire::<#ty>().await? };
        quote!(#member: #value)
    });
    let context = match fields.is_empty() {
        true => quote!(_),
        false => quote!(__phasegate_context),
    };
    quote! {
        #[automatically_derived]
        impl #implemented ::phasegate::__private::Fixture for #name #arguments #clause {
            fn declare(__phasegate_needs: &mut ::phasegate::__private::Needs) {
                __phasegate_needs.pattern(#pattern);
                #(__phasegate_needs.boundary(#boundaries);)*
                #(#declare)*
            }

            async fn acquire(
                #context: &::phasegate::__private::Context,
            ) -> ::phasegate::__private::FixtureResult<Self> {
                ::core::result::Result::Ok(Self { #(#acquire,)* })
            }
        }
    }
}
