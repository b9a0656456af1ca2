//! Walking a parsed table with places, so that errors point at the guilty key.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::terms::nearest;

/// `phasegate.toml` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: String },
    /// Something in it is wrong.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Wrong {
        path: PathBuf,
        line: usize,
        column: usize,
        message: String,
    },
}

/// The text that places refer to.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// An error at a place in the text.
    pub(super) fn wrong(&self, at: Range<usize>, message: impl Into<String>) -> ConfigError {
        let before = &self.text[..at.start.min(self.text.len())];
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        ConfigError::Wrong {
            path: self.path.to_owned(),
            line,
            column,
            message: message.into(),
        }
    }
}

/// One table, its name for messages, and the text that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) source: Source<'a>,
    pub(super) name: &'a str,
    pub(super) table: &'a DeTable<'a>,
    pub(super) at: usize,
}

impl<'a> Table<'a> {
    /// Refuses keys other than `known`.
    pub(super) fn allow(&self, known: &[&str]) -> Result<(), ConfigError> {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let hint = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known keys are {}", list(known)),
                };
                return Err(self.source.wrong(
                    key.span(),
                    format!("unknown key `{name}` in {}; {hint}", self.name),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table
            .iter()
            .find(|(k, _)| k.get_ref().as_ref() == key)
            .map(|(_, v)| v)
    }

    fn wanted(&self, key: &str, value: &Spanned<DeValue<'_>>, what: &str) -> ConfigError {
        let found = value.get_ref().type_str();
        self.source.wrong(
            value.span(),
            format!(
                "`{key}` in {} must be {what}, not {}",
                self.name,
                with_article(found)
            ),
        )
    }

    pub(super) fn string(&self, key: &str) -> Result<Option<&'a str>, ConfigError> {
        self.get(key)
            .map(|v| {
                v.get_ref()
                    .as_str()
                    .ok_or_else(|| self.wanted(key, v, "a string"))
            })
            .transpose()
    }

    /// A string that must be there.
    pub(super) fn required(&self, key: &str) -> Result<&'a str, ConfigError> {
        self.string(key)?.ok_or_else(|| {
            self.source.wrong(
                self.at..self.at,
                format!("{} lacks `{key}`; add `{key} = \"…\"`", self.name),
            )
        })
    }

    pub(super) fn boolean(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        self.get(key)
            .map(|v| {
                v.get_ref()
                    .as_bool()
                    .ok_or_else(|| self.wanted(key, v, "`true` or `false`"))
            })
            .transpose()
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, key: &str) -> Result<Option<u64>, ConfigError> {
        self.get(key)
            .map(|v| {
                let number = v
                    .get_ref()
                    .as_integer()
                    .and_then(|i| u64::from_str_radix(i.as_str(), i.radix()).ok());
                number.ok_or_else(|| self.wanted(key, v, "a whole number that is not negative"))
            })
            .transpose()
    }

    pub(super) fn strings(&self, key: &str) -> Result<Vec<&'a str>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let array = value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.wanted(key, value, "an array of strings"))?;
        array
            .iter()
            .map(|item| {
                item.get_ref()
                    .as_str()
                    .ok_or_else(|| self.wanted(key, item, "an array of strings"))
            })
            .collect()
    }

    /// Parses the string under `key` with `read`, whose message is put at the value's place.
    pub(super) fn parsed<T, E: std::fmt::Display>(
        &self,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.wanted(key, value, "a string"))?;
        read(text).map(Some).map_err(|e| {
            self.source
                .wrong(value.span(), format!("`{key}` in {}: {e}", self.name))
        })
    }

    /// The table under `key`.
    pub(super) fn table(&self, key: &str, name: &'a str) -> Result<Option<Table<'a>>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let table = value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wanted(key, value, "a table"))?;
        Ok(Some(Table {
            source: self.source,
            name,
            table,
            at: value.span().start,
        }))
    }

    /// The array of tables under `key`.
    pub(super) fn tables(&self, key: &str, name: &'a str) -> Result<Vec<Table<'a>>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let what = format!("an array of tables (`[[{key}]]`)");
        let array = value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.wanted(key, value, &what))?;
        array
            .iter()
            .map(|item| {
                let table = item
                    .get_ref()
                    .as_table()
                    .ok_or_else(|| self.wanted(key, item, &what))?;
                Ok(Table {
                    source: self.source,
                    name,
                    table,
                    at: item.span().start,
                })
            })
            .collect()
    }

    /// Refuses names that are not among `known`.
    pub(super) fn check_names(
        &self,
        key: &str,
        what: &str,
        known: &[&str],
    ) -> Result<(), ConfigError> {
        let Some(array) = self.get(key).and_then(|v| v.get_ref().as_array()) else {
            return Ok(());
        };
        for item in array {
            let name = item.get_ref().as_str().unwrap_or_default();
            if !known.contains(&name) {
                let hint = nearest(name, known.iter().copied())
                    .map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                return Err(self.source.wrong(
                    item.span(),
                    format!("unknown {what} `{name}` in `{key}` of {}{hint}", self.name),
                ));
            }
        }
        Ok(())
    }
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|n| format!("`{n}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}
