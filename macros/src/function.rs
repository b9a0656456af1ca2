//! The function under an attribute: what may stand there, and its parameters.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, ItemFn, Pat, ReturnType, Signature, Type};

use crate::errors::Errors;

/// What a function is registered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Test,
    Hook,
    Preload,
    Service,
}

impl Kind {
    fn attribute(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Hook => "hook",
            Self::Preload => "preload",
            Self::Service => "service",
        }
    }
}

/// As the beginning of a sentence about it.
impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Test => "a test",
            Self::Hook => "a hook",
            Self::Preload => "a preload function",
            Self::Service => "a service function",
        })
    }
}

/// One parameter.
pub(crate) struct Parameter {
    /// Its type, without the reference if it is handed over by reference.
    pub(crate) ty: Type,
    pub(crate) handed: Handed,
    /// `#[case]` stands before it.
    pub(crate) case: bool,
}

/// How an argument is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handed {
    Value,
    Reference,
    MutableReference,
}

/// Reads the item as a function; `None`, with a complaint, when it is none.
pub(crate) fn read(kind: Kind, item: &TokenStream, errors: &mut Errors) -> Option<ItemFn> {
    let error = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => return Some(function),
        Err(error) => error,
    };
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(other) => errors.on(
            other,
            format_args!("`#[phasegate::{}]` goes on a function", kind.attribute()),
        ),
        Err(_) => errors.add(error),
    }
    None
}

/// Complains about what a registered function cannot be.
pub(crate) fn check_signature(signature: &Signature, kind: Kind, errors: &mut Errors) {
    if let Some(token) = &signature.constness {
        errors.on(
            token,
            format_args!("{kind} cannot be `const`: remove `const`"),
        );
    }
    if let Some(token) = &signature.unsafety {
        errors.on(
            token,
            format_args!("{kind} cannot be `unsafe`: write an `unsafe` block inside it"),
        );
    }
    if let Some(abi) = &signature.abi {
        errors.on(
            abi,
            format_args!("{kind} cannot be `extern`: remove the ABI"),
        );
    }
    if !signature.generics.params.is_empty() {
        errors.on(
            &signature.generics,
            format_args!("{kind} cannot be generic: nothing says what to run it with; call a generic function from it"),
        );
    } else if let Some(clause) = &signature.generics.where_clause {
        errors.on(
            clause,
            format_args!("{kind} cannot have a `where` clause: remove it"),
        );
    }
    if let Some(variadic) = &signature.variadic {
        errors.on(
            variadic,
            format_args!("{kind} cannot be variadic: remove `...`"),
        );
    }
}

/// Takes the `#[case]` marks off the parameters and says what each parameter is.
pub(crate) fn parameters(
    signature: &mut Signature,
    kind: Kind,
    errors: &mut Errors,
) -> Vec<Parameter> {
    let mut parameters = Vec::with_capacity(signature.inputs.len());
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(receiver) => errors.on(
                receiver,
                format_args!("{kind} cannot be a method: move it out of the `impl` block"),
            ),
            FnArg::Typed(typed) => {
                let case = take_case(&mut typed.attrs, kind, errors);
                let parameter = parameter(&typed.ty, case);
                if !case {
                    refuse_lifetime(&typed.ty, kind, errors);
                    check_type(&typed.pat, &parameter, kind, errors);
                }
                parameters.push(parameter);
            }
        }
    }
    parameters
}

fn take_case(attrs: &mut Vec<Attribute>, kind: Kind, errors: &mut Errors) -> bool {
    let mut case = false;
    attrs.retain(|attr| {
        let path = attr.path();
        if path.is_ident("cfg") {
            errors.on(
                attr,
                "a parameter cannot be left out by `cfg`: write the function twice, each under its own `#[cfg]`",
            );
        }
        if !path.is_ident("case") {
            return true;
        }
        if kind != Kind::Test {
            errors.on(attr, format_args!("{kind} has no cases: remove `#[case]`"));
        } else if attr.meta.require_path_only().is_err() {
            errors.on(
                attr,
                "`#[case]` on a parameter takes no values: write them on the function, as in `#[case::name(value)]`",
            );
        }
        case = true;
        false
    });
    case
}

fn parameter(ty: &Type, case: bool) -> Parameter {
    if let (Type::Reference(reference), false) = (ty, case) {
        return Parameter {
            ty: (*reference.elem).clone(),
            handed: match reference.mutability {
                Some(_) => Handed::MutableReference,
                None => Handed::Reference,
            },
            case,
        };
    }
    Parameter {
        ty: ty.clone(),
        handed: Handed::Value,
        case,
    }
}

fn refuse_lifetime(ty: &Type, kind: Kind, errors: &mut Errors) {
    if let Type::Reference(reference) = ty
        && let Some(lifetime) = &reference.lifetime
        && lifetime.ident != "_"
    {
        errors.on(
            lifetime,
            format_args!("{kind} only borrows this while it runs: remove `{lifetime}`"),
        );
    }
}

/// Plain data is never a fixture: it was meant to be a case.
fn check_type(pattern: &Pat, parameter: &Parameter, kind: Kind, errors: &mut Errors) {
    const PLAIN: &[&str] = &[
        "str", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64",
    ];
    match &parameter.ty {
        Type::ImplTrait(ty) => errors.on(
            ty,
            format_args!("{kind} needs to know the type of this parameter: name the type"),
        ),
        Type::Infer(ty) => errors.on(
            ty,
            format_args!("{kind} needs to know the type of this parameter: name the type"),
        ),
        Type::Path(ty) if kind == Kind::Test => {
            if let Some(name) = ty.path.get_ident()
                && PLAIN.iter().any(|plain| name == plain)
            {
                let written = match pattern {
                    Pat::Ident(pattern) => pattern.ident.to_string(),
                    _ => "_".to_owned(),
                };
                errors.on(
                    ty,
                    format_args!(
                        "`{name}` is no fixture: if this is a value of a case, write `#[case] {written}` and `#[case::name(value)]` on the function"
                    ),
                );
            }
        }
        _ => {}
    }
}

/// The type that a function returns; `None` for `()`.
pub(crate) fn returned(signature: &Signature) -> Option<&Type> {
    match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) if tuple.elems.is_empty() => None,
            ty => Some(ty),
        },
    }
}

/// Where to point when what the function returns does not fit.
pub(crate) fn returned_span(signature: &Signature) -> proc_macro2::Span {
    match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Whether a function is declared to end by panicking.
pub(crate) fn never_returns(signature: &Signature) -> bool {
    matches!(returned(signature), Some(Type::Never(_)))
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    use super::*;

    fn read_parameters(mut signature: Signature) -> (Vec<(String, Handed, bool)>, Vec<String>) {
        let mut errors = Errors::default();
        let parameters = parameters(&mut signature, Kind::Test, &mut errors)
            .into_iter()
            .map(|one| (one.ty.to_token_stream().to_string(), one.handed, one.case))
            .collect();
        (parameters, errors.messages())
    }

    #[test]
    fn references_are_taken_off_fixtures_only() {
        let (parameters, said) = read_parameters(parse_quote! {
            fn f(a: A, b: &B, c: &mut C, mut d: D, E(e): E, #[case] f: &str)
        });
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(
            parameters,
            [
                ("A".into(), Handed::Value, false),
                ("B".into(), Handed::Reference, false),
                ("C".into(), Handed::MutableReference, false),
                ("D".into(), Handed::Value, false),
                ("E".into(), Handed::Value, false),
                (quote!(&str).to_string(), Handed::Value, true),
            ]
        );
    }

    #[test]
    fn plain_data_is_meant_as_a_case() {
        let (_, said) = read_parameters(parse_quote!(fn f(title: &str)));
        assert!(said[0].contains("write `#[case] title`"), "{said:?}");
    }

    #[test]
    fn each_oddity_is_named() {
        let mut errors = Errors::default();
        let signature: Signature = parse_quote!(const unsafe extern "C" fn f<T>());
        check_signature(&signature, Kind::Hook, &mut errors);
        let said = errors.messages();
        for (message, word) in said.iter().zip(["const", "unsafe", "extern", "generic"]) {
            assert!(message.starts_with("a hook cannot be"), "{message}");
            assert!(message.contains(word), "{message}");
        }
        assert_eq!(said.len(), 4);
    }
}
