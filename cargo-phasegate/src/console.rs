//! What is printed: for people on one line each, for programs one JSON object a line.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::args::{Color, MessageFormat};
use crate::error::CliError;
use crate::exit;

/// Colours, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Bad,
    Doubtful,
}

/// Standard output and error of the tool.
#[derive(Debug)]
pub(crate) struct Console {
    json: bool,
    colour: bool,
    broken: Option<io::Error>,
}

#[derive(Serialize)]
struct ErrorMessage<'m> {
    reason: &'static str,
    message: &'m str,
    exit_code: u8,
}

impl Console {
    pub(crate) fn new(format: MessageFormat, color: Color) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !no_color && io::stdout().is_terminal(),
        };
        Self {
            json: format == MessageFormat::Json,
            colour,
            broken: None,
        }
    }

    /// One result: `line` for people, `message` for programs.
    pub(crate) fn result(&mut self, line: &str, message: &impl Serialize) {
        if !self.json {
            self.raw(&format!("{line}\n"));
            return;
        }
        match serde_json::to_string(message) {
            Ok(json) => self.raw(&format!("{json}\n")),
            Err(error) => self.broken = Some(error.into()),
        }
    }

    /// Text as it is, in either format.
    pub(crate) fn raw(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = io::stdout().lock().write_all(text.as_bytes()).err();
        }
    }

    /// Whether colours are on.
    pub(crate) fn is_coloured(&self) -> bool {
        self.colour
    }

    /// A word in colour, if there are colours, padded to a width.
    pub(crate) fn paint(&self, tone: Tone, word: &str, width: usize) -> String {
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Doubtful => 33,
        };
        if self.colour {
            format!("\u{1b}[{code}m{word:width$}\u{1b}[0m")
        } else {
            format!("{word:width$}")
        }
    }

    /// Tells why the tool stopped, and with which code it ends.
    pub(crate) fn error(&mut self, error: &CliError) -> u8 {
        let (code, message) = (error.code(), error.to_string());
        if self.json {
            let reason = "error";
            self.result(
                "",
                &ErrorMessage {
                    reason,
                    message: &message,
                    exit_code: code,
                },
            );
        }
        // Nobody is left to be told when this fails.
        let _ = writeln!(io::stderr().lock(), "error: {message}");
        code
    }

    /// The exit code, unless results could not be printed. A reader that closed its end has seen
    /// enough.
    pub(crate) fn finish(self, code: u8) -> u8 {
        let flushed = io::stdout().lock().flush().err();
        match self.broken.or(flushed) {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = writeln!(io::stderr().lock(), "error: cannot print: {error}");
                exit::FAILED
            }
            _ => code,
        }
    }
}
