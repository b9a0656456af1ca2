//! Whatever tests are called and write, a report keeps its structure: read back by a Markdown
//! parser.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::OnceLock;

use phasegate_record::event::*;
use phasegate_report::render_reports;
use proptest::prelude::*;
use pulldown_cmark::{Event as Md, Options, Parser, Tag};
use support::*;

/// What the structure of a document amounts to.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    headings: usize,
    rows: usize,
    cells: usize,
    items: usize,
    ticks: usize,
    fences: usize,
    folds: usize,
}

fn shape(markdown: &str) -> Result<Shape, String> {
    let mut shape = Shape {
        headings: 0,
        rows: 0,
        cells: 0,
        items: 0,
        ticks: 0,
        fences: 0,
        folds: 0,
    };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Md::Start(Tag::Heading { .. }) => shape.headings += 1,
            Md::Start(Tag::TableRow) => shape.rows += 1,
            Md::Start(Tag::TableCell) => shape.cells += 1,
            Md::Start(Tag::Item) => shape.items += 1,
            Md::Start(Tag::CodeBlock(_)) => shape.fences += 1,
            Md::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough,
            ) => {
                return Err(format!("{event:?}"));
            }
            Md::TaskListMarker(_) => shape.ticks += 1,
            Md::Html(html) | Md::InlineHtml(html) => {
                let ours = html.starts_with("<details><summary>Standard ")
                    || html.starts_with("<details><summary>Start-up (")
                    || html.trim() == "</details>";
                if !ours {
                    return Err(format!("foreign HTML: {html}"));
                }
                shape.folds += 1;
            }
            _ => {}
        }
    }
    Ok(shape)
}

fn report(text: &str) -> String {
    let mut project = project(
        None,
        vec![criterion(
            text,
            text,
            phasegate_record::project::Metric::FailingTests,
            phasegate_record::project::Threshold::AtMost(0),
        )],
    );
    project.name = format!("p{text}");
    project.phases[0].title = Some(text.into());
    let mut script = Script::new(project);
    let mut test = crossing(text, &[text]);
    test.file = text.into();
    test.patterns = vec![text.into()];
    test.services = vec![text.into()];
    let declared = DeclaredService {
        kind: text.into(),
        boundaries: vec![text.into()],
        ..service(text, &[text])
    };
    script.run().services = vec![declared];
    for change in [
        ServiceChange::Step,
        ServiceChange::Failed,
        ServiceChange::Died,
        ServiceChange::FellBack,
    ] {
        script.step(ServiceStep {
            detail: text.into(),
            error: Some(format!("e{text}\n{text}")),
            ..step(text, change, 1, 2)
        });
    }
    script.plan(test);
    let mut ignored = planned("ignored");
    let reason = Some(format!("r{text}"));
    ignored.disposition = Disposition::Ignored { reason };
    script.plan(ignored);
    for name in ["blocked", "skipped"] {
        script.plan(planned(name));
    }
    let output = Output::Text {
        text: format!("o{text}"),
    };
    script.attempt(Attempt {
        failure: Some(Failure {
            message: format!("m\n{text}\nend"),
            location: Some(text.into()),
        }),
        release_errors: vec![text.into()],
        leases: vec![lease(text, 1, true)],
        infrastructure: Some(text.into()),
        stdout: output.clone(),
        stderr: output,
        ..attempt(text, Outcome::Failed)
    });
    script.attempt(blocked("blocked", text, &format!("b{text}")));
    script.attempt(Attempt {
        skip_reason: Some(format!("s{text}")),
        ..attempt("skipped", Outcome::Skipped)
    });
    let text = format!("n{text}");
    script.events.push(Event::Note(Note {
        level: NoteLevel::Warning,
        text,
    }));
    script.end(false);
    let mut reports = render_reports(&script.figures(), None).unwrap();
    reports.remove(0).markdown
}

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "`",
            "``",
            "```",
            "````",
            "|",
            "\\",
            "\\|",
            "\n",
            "\n\n",
            "\r\n",
            "<",
            ">",
            "<b>",
            "</details>",
            "<!--",
            "-->",
            "*",
            "**",
            "_",
            "__",
            "~~",
            "[",
            "]",
            "](x)",
            "![a](b)",
            "#",
            "# ",
            "- ",
            "1. ",
            "> ",
            "&",
            "&amp;",
            "&#10;",
            "\u{202e}",
            "\u{1b}[31m",
            "\0",
            "a",
            "b c",
            "é",
            "x_y",
            "=",
            "---",
            "| --- |",
            "{{title}}",
            "{{{",
            "- [x] ",
            "    ",
            "\t",
            "!",
            "<http://x.y>",
            "[^1]: ",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_foreign_changes_the_structure(text in nasty()) {
        prop_assume!(!["", "blocked", "skipped", "ignored"].contains(&text.as_str()));
        static TAME: OnceLock<Shape> = OnceLock::new();
        let tame = TAME.get_or_init(|| shape(&report("tame")).unwrap());
        let markdown = report(&text);
        let found = shape(&markdown).map_err(|why| TestCaseError::fail(format!("{why}\n{markdown}")))?;
        prop_assert_eq!(&found, tame, "{}", markdown);
    }
}

#[test]
fn a_report_fits_into_a_step_summary_whatever_is_written() {
    let mut script = Script::new(project(None, vec![]));
    let noise = "\u{1}".repeat(10_000);
    for index in 0..400 {
        let mut test = crossing(&format!("{index}{noise}"), &[&format!("b{index}{noise}")]);
        test.file = format!("f{index}{noise}");
        test.patterns = vec![format!("p{index}{noise}")];
        test.services = vec![format!("s{}{noise}", index % 100)];
        script.plan(test);
    }
    for index in 0..100 {
        let name = format!("s{index}{noise}");
        script.run().services.push(service(&name, &[]));
        for change in [ServiceChange::Step, ServiceChange::Failed] {
            for at_us in 0..5 {
                script.step(ServiceStep {
                    detail: noise.clone(),
                    error: Some(noise.clone()),
                    ..step(&name, change, at_us, 1)
                });
            }
        }
    }
    for index in 0..400 {
        let name = format!("{index}{noise}");
        let text = noise.clone();
        script.attempt(match index % 2 {
            0 => Attempt {
                failure: Some(Failure {
                    message: noise.clone(),
                    location: None,
                }),
                stdout: Output::Text { text },
                ..attempt(&name, Outcome::Failed)
            },
            _ => blocked(&name, &format!("service:{index}"), &noise),
        });
    }
    script.end(false);
    let markdown = &render_reports(&script.figures(), None).unwrap()[0].markdown;
    assert!(markdown.len() < 1024 * 1024, "{} bytes", markdown.len());
    assert!(markdown.contains("left out to keep this report short"));
    assert!(markdown.contains("50 more services not listed."));
}
