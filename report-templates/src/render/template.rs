//! The templates and the helpers that they may call.
//!
//! Rendering is strict: a template that names something its view does not have fails, instead of
//! printing nothing.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};
use serde::Serialize;

use super::markdown;

const COMPLETION: &str = include_str!("../../templates/completion.md.hbs");
const TABLE: &str = include_str!("../../templates/table.md.hbs");

/// A template could not be read or rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template's text is malformed.
    #[error("template `{name}` does not parse: {source}; correct the template")]
    Parse {
        /// Name of the template.
        name: &'static str,
        /// What is wrong.
        source: Box<handlebars::TemplateError>,
    },
    /// The template asks for something that its view does not have.
    #[error("template `{name}` does not render: {source}; correct the template")]
    Render {
        /// Name of the template.
        name: &'static str,
        /// What is wrong.
        source: Box<handlebars::RenderError>,
    },
}

/// The templates that this crate brings along, ready to render.
///
/// `{{x}}` escapes `x` as Markdown text. Helpers, to be called with three braces: `{{{code x}}}`
/// for a code span, `{{{cell x}}}` for a code span in a table, `{{{fence x}}}` for a fenced block.
#[derive(Debug)]
pub struct Templates {
    registry: Handlebars<'static>,
}

impl Templates {
    /// Parses the templates.
    ///
    /// # Errors
    ///
    /// When one is malformed.
    pub fn new() -> Result<Self, RenderError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(markdown::text);
        register(&mut registry, "code", markdown::code);
        register(&mut registry, "cell", markdown::cell);
        register(&mut registry, "fence", markdown::fence);
        for (name, template) in [("completion", COMPLETION), ("table", TABLE)] {
            registry
                .register_template_string(name, template)
                .map_err(|source| RenderError::Parse {
                    name,
                    source: Box::new(source),
                })?;
        }
        Ok(Self { registry })
    }

    /// Renders a phase's completion report.
    ///
    /// # Errors
    ///
    /// When the template asks for something that the view does not have.
    pub fn completion(&self, view: &impl Serialize) -> Result<String, RenderError> {
        let name = "completion";
        self.registry
            .render(name, view)
            .map(|rendered| tidy(&rendered))
            .map_err(|source| RenderError::Render {
                name,
                source: Box::new(source),
            })
    }
}

fn register(registry: &mut Handlebars<'static>, name: &'static str, make: fn(&str) -> String) {
    let helper = move |helper: &Helper<'_>,
                       _: &Handlebars<'_>,
                       _: &Context,
                       _: &mut RenderContext<'_, '_>,
                       out: &mut dyn Output|
          -> HelperResult {
        let value = helper.param(0).and_then(|param| param.value().as_str());
        let text = value.ok_or(RenderErrorReason::ParamTypeMismatchForName(
            name,
            "0".to_owned(),
            "string".to_owned(),
        ))?;
        out.write(&make(text))?;
        Ok(())
    };
    registry.register_helper(name, Box::new(helper));
}

/// At most one blank line in a row outside fences, none at the ends, one line end at the end: so
/// that templates may be laid out for their readers.
fn tidy(rendered: &str) -> String {
    let mut out = String::with_capacity(rendered.len());
    let mut fence: Option<usize> = None;
    let mut blank = true;
    for line in rendered.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 && !line[ticks..].contains('`') => fence = Some(ticks),
            Some(open) if ticks == open && line.len() == ticks => fence = None,
            _ => {}
        }
        let line = if fence.is_some() {
            line
        } else {
            line.trim_end()
        };
        let empty = line.is_empty() && fence.is_none();
        if !(empty && blank) {
            out.push_str(line);
            out.push('\n');
        }
        blank = empty;
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_folded_outside_fences_only() {
        let tidied = tidy("\n\na\n\n\nb  \n```text\nx  \n\n\ny\n```\n\n\n");
        assert_eq!(tidied, "a\n\nb\n```text\nx  \n\n\ny\n```\n");
    }

    #[test]
    fn a_view_without_what_the_template_names_is_refused() {
        let templates = Templates::new().unwrap();
        let refused = templates.completion(&serde_json::json!({})).unwrap_err();
        assert!(refused.to_string().contains("does not render"), "{refused}");
    }
}
