//! `#[phasegate::test]`

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, ItemFn, parse_quote};

use super::call::{self, Source};
use super::terms;
use crate::attrs::builtin;
use crate::attrs::case::{self, Case};
use crate::attrs::terms::{Place, Terms};
use crate::digest;
use crate::errors::Errors;
use crate::function::{self, Handed, Kind, Parameter};

/// A test, ready to be written out.
struct Test {
    terms: Terms,
    function: ItemFn,
    parameters: Vec<Parameter>,
    cases: Vec<Case>,
    digest: String,
}

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut terms = Terms::parse(arguments.clone(), Place::Test, &mut errors);
    let Some(mut function) = function::read(Kind::Test, &item, &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#errors #item);
    };
    function::check_signature(&function.sig, Kind::Test, &mut errors);
    refuse_other_harness(&mut function.attrs, &mut errors);
    builtin::absorb(&mut function.attrs, &mut terms, &mut errors);
    let (written, attrs) = function
        .attrs
        .into_iter()
        .partition::<Vec<_>, _>(case::is_case);
    function.attrs = attrs;
    let cases = case::cases(&written, &mut errors);
    let parameters = function::parameters(&mut function.sig, Kind::Test, &mut errors);
    if written.is_empty() {
        check_uncased(&function, &parameters, &mut errors);
    }
    check_counts(&parameters, &cases, &mut errors);
    if !errors.is_empty() {
        let errors = errors.into_tokens();
        // Without the function, each mention of it would be one more error.
        return quote!(#errors #[allow(unused)] #function);
    }
    Test {
        terms,
        function,
        parameters,
        cases,
        digest: digest::of(&[&arguments, &item]),
    }
    .into_token_stream()
}

/// Two harnesses cannot both own one function.
fn refuse_other_harness(attrs: &mut Vec<Attribute>, errors: &mut Errors) {
    attrs.retain(|attr| {
        let last = attr.path().segments.last();
        let other = last.is_some_and(|segment| segment.ident == "test");
        if other {
            let written = attr.path().to_token_stream().to_string().replace(' ', "");
            let message = match written.trim_start_matches("::") {
                "phasegate::test" => {
                    "`#[phasegate::test]` stands here twice: keep one, with the arguments of both"
                        .to_owned()
                }
                other => format!(
                    "`#[phasegate::test]` takes the place of `#[{other}]`: remove this attribute"
                ),
            };
            errors.on(attr, message);
        }
        !other
    });
}

fn check_uncased(function: &ItemFn, parameters: &[Parameter], errors: &mut Errors) {
    if parameters.iter().any(|parameter| parameter.case) {
        errors.on(
            &function.sig.ident,
            "`#[case]` parameters need cases: write `#[case::name(value)]` between `#[phasegate::test]` and the function",
        );
    }
}

fn check_counts(parameters: &[Parameter], cases: &[Case], errors: &mut Errors) {
    let wanted = parameters.iter().filter(|parameter| parameter.case).count();
    for case in cases {
        let given = case.values.len();
        if given == wanted {
            continue;
        }
        let message = format!(
            "this case gives {}, but the function has {}",
            counted(given, "value"),
            counted(wanted, "`#[case]` parameter"),
        );
        let advice = match given.cmp(&wanted) {
            std::cmp::Ordering::Less => "add what is missing",
            _ => "remove what is too much, or mark a parameter with `#[case]`",
        };
        errors.on(&case.path, format_args!("{message}: {advice}"));
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

impl ToTokens for Test {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let stub = self.stub();
        let function = self.function();
        let needs = self.needs();
        let run = self.run();
        let attrs = terms::literal(&self.terms);
        let name = self.function.sig.ident.unraw().to_string();
        let cases = self.cases.iter().map(|case| &case.name);
        let digest = &self.digest;
        tokens.extend(quote! {
            #stub
            const _: () = {
                #function
                #needs
                #run
                ::phasegate::__private::inventory::submit! {
                    ::phasegate::__private::TestDecl {
                        path: ::core::concat!(::core::module_path!(), "::", #name),
                        cases: &[#(#cases),*],
                        file: ::core::file!(),
                        line: ::core::line!(),
                        source_digest: #digest,
                        attrs: #attrs,
                        needs: __phasegate_needs,
                        run: __phasegate_run,
                    }
                }
            };
        });
    }
}

impl Test {
    /// What editors see. It exists only where the standard harness is compiled in, and there it
    /// says what is wrong.
    fn stub(&self) -> TokenStream {
        let name = &self.function.sig.ident;
        quote_spanned! {name.span().resolved_at(Span::call_site())=>
            #[::core::prelude::v1::test]
            fn #name() {
                ::phasegate::__private::stub_ran()
            }
        }
    }

    /// The user's function. Nobody outside the constant can see it, so nothing is public about it.
    fn function(&self) -> ItemFn {
        let mut function = self.function.clone();
        function.vis = syn::Visibility::Inherited;
        let by_value = |one: &Parameter| !one.case && one.handed == Handed::Value;
        if self.parameters.iter().any(by_value) {
            // A fixture is the test's own to keep; whoever turned this lint on meant other code.
            let allow = parse_quote!(#[allow(clippy::needless_pass_by_value)]);
            function.attrs.insert(0, allow);
        }
        function
    }

    fn needs(&self) -> TokenStream {
        let fixtures = self.parameters.iter().filter(|parameter| !parameter.case);
        let fixtures: Vec<_> = fixtures.map(|parameter| &parameter.ty).collect();
        let name = match fixtures.is_empty() {
            true => quote!(_),
            false => quote!(__phasegate_needs),
        };
        quote! {
            fn __phasegate_needs(#name: &mut ::phasegate::__private::Needs) {
                #(<#fixtures as ::phasegate::__private::Fixture>::declare(#name);)*
            }
        }
    }

    fn run(&self) -> TokenStream {
        let acquire = call::acquire(&self.parameters, Source::Fixture);
        let signature = &self.function.sig;
        let call = if self.cases.is_empty() {
            call::call(signature, &self.parameters, &[])
        } else {
            let arms = self.cases.iter().enumerate().map(|(index, case)| {
                let call = call::call(signature, &self.parameters, &case.values);
                quote!(#index => #call,)
            });
            quote! {
                match __phasegate_case {
                    #(#arms)*
                    __phasegate_case => ::phasegate::__private::no_such_case(__phasegate_case),
                }
            }
        };
        let finish = call::finish(signature, &call);
        quote! {
            fn __phasegate_run(
                __phasegate_session: &mut ::phasegate::__private::Session,
                __phasegate_case: ::core::primitive::usize,
            ) -> ::phasegate::__private::TestResult {
                #acquire
                #finish
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_find_a_standard_test_of_the_same_name() {
        let output = expand(
            quote!(phase = "C"),
            quote!(
                #[inline]
                pub async fn flushes(cx: Context) -> Odd {}
            ),
        )
        .to_string();
        let stub = quote! {
            #[::core::prelude::v1::test]
            fn flushes() {
                ::phasegate::__private::stub_ran()
            }
            const _: () =
        };
        assert!(output.starts_with(&stub.to_string()), "{output}");
    }

    #[test]
    fn the_arguments_count_as_source() {
        let digest = |arguments: TokenStream| {
            let output = expand(
                arguments,
                quote!(
                    fn f() {}
                ),
            )
            .to_string();
            let after = output.split("source_digest : \"").nth(1).unwrap();
            after[..64].to_owned()
        };
        assert_ne!(digest(quote!(phase = "C")), digest(quote!(phase = "D")));
        assert_eq!(digest(quote!(phase = "C")), digest(quote!(phase = "C")));
    }

    #[test]
    fn what_is_refused_stays_in_place() {
        let output = expand(
            quote!(phase = C),
            quote!(
                #[ignore]
                fn f(#[case] a: u8) {}
            ),
        );
        let output = output.to_string();
        let kept = quote!(
            #[allow(unused)]
            fn f(a: u8) {}
        )
        .to_string();
        assert!(output.ends_with(&kept), "{output}");
        assert!(!output.contains("inventory"), "{output}");
    }
}
