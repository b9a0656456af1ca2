//! The arguments of `#[phasegate::hook]`.

use proc_macro2::{Span, TokenStream};

use super::argument::{split, unknown};
use crate::errors::Errors;

/// What a hook is hung on; the same words as in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    BeforeRun,
    AfterRun,
    BeforePhase,
    AfterPhase,
    BeforeTest,
    AfterTest,
}

/// The arguments of `#[phasegate::hook]`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct HookArguments {
    pub(crate) point: Option<Point>,
    pub(crate) phase: Option<String>,
    pub(crate) after: Vec<String>,
    pub(crate) timeout_ms: Option<u64>,
}

const KNOWN: &[&str] = &[
    "before_run",
    "after_run",
    "before_phase",
    "after_phase",
    "before_test",
    "after_test",
    "after",
    "timeout",
];

impl HookArguments {
    /// Reads the tokens between the attribute's parentheses.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        let mut tried = false;
        for argument in split(tokens, errors) {
            let key = argument.key.to_string();
            if let Some(point) = Point::named(&key) {
                if tried {
                    errors.on(
                        &argument.key,
                        "a hook hangs on one point: write a second hook for this one",
                    );
                    continue;
                }
                tried = true;
                read.point = Some(point);
                if point.takes_a_phase() {
                    let text = argument.optional_text(&format!("{key} = \"C\""));
                    read.phase = errors.keep(text).flatten();
                } else {
                    errors.keep(argument.flag());
                }
                continue;
            }
            match key.as_str() {
                "after" => {
                    let names = argument.texts("after = [\"other_hook\"]");
                    read.after = errors.keep(names).unwrap_or_default();
                }
                "timeout" => {
                    read.timeout_ms = errors.keep(argument.milliseconds("timeout = \"5s\""));
                }
                _ => errors.add(unknown(&argument.key, KNOWN)),
            }
        }
        if read.point.is_none() && errors.is_empty() {
            errors.at(
                Span::call_site(),
                "a hook must say when it runs: write `before_run`, `after_run`, `before_phase`, \
                 `after_phase`, `before_test` or `after_test`, as in `#[phasegate::hook(before_phase = \"C\")]`",
            );
        }
        read
    }
}

impl Point {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "before_run" => Self::BeforeRun,
            "after_run" => Self::AfterRun,
            "before_phase" => Self::BeforePhase,
            "after_phase" => Self::AfterPhase,
            "before_test" => Self::BeforeTest,
            "after_test" => Self::AfterTest,
            _ => return None,
        })
    }

    fn takes_a_phase(self) -> bool {
        matches!(self, Self::BeforePhase | Self::AfterPhase)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parse(tokens: TokenStream) -> (HookArguments, Vec<String>) {
        let mut errors = Errors::default();
        let read = HookArguments::parse(tokens, &mut errors);
        (read, errors.messages())
    }

    #[test]
    fn a_point_an_order_and_a_time() {
        let (read, said) = parse(quote!(before_phase = "C", after = "seed", timeout = "5s"));
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(
            read,
            HookArguments {
                point: Some(Point::BeforePhase),
                phase: Some("C".into()),
                after: vec!["seed".into()],
                timeout_ms: Some(5_000),
            }
        );
    }

    #[test]
    fn a_phase_may_be_left_out_and_means_each() {
        let (read, said) = parse(quote!(after_phase));
        assert!(said.is_empty(), "{said:?}");
        assert_eq!((read.point, read.phase), (Some(Point::AfterPhase), None));
    }

    #[test]
    fn points_that_know_no_phase_take_none() {
        let (_, said) = parse(quote!(before_test = "C"));
        assert_eq!(
            said,
            ["`before_test` takes no value: write `before_test` alone"]
        );
    }

    #[test]
    fn exactly_one_point() {
        assert!(parse(quote!()).1[0].starts_with("a hook must say when it runs"));
        assert!(parse(quote!(timeout = "5s")).1[0].starts_with("a hook must say when it runs"));
        let (_, said) = parse(quote!(before_run, after_run));
        assert_eq!(
            said,
            ["a hook hangs on one point: write a second hook for this one"]
        );
    }

    #[test]
    fn a_misspelt_point_is_said_once() {
        let (_, said) = parse(quote!(befor_run));
        assert_eq!(
            said,
            ["unknown argument `befor_run`: did you mean `before_run`?"]
        );
    }
}
