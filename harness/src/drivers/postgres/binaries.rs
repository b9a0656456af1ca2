//! Where the server's programs lie.

use std::path::{Path, PathBuf};

use crate::services::program;
use crate::services::{Host, Program};
use crate::terms::{Error, Result};

/// Both programs of one installation.
#[derive(Debug)]
pub(super) struct Binaries {
    pub(super) postgres: PathBuf,
    pub(super) initdb: PathBuf,
    /// As the program says it: `postgres (PostgreSQL) 15.4 (Debian 15.4-1)`.
    pub(super) banner: String,
    /// `15.4`
    pub(super) version: String,
}

/// Which installation is meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    pub(super) dir: Option<PathBuf>,
    pub(super) major: Option<u32>,
}

impl Choice {
    /// The first installation that fits: on `PATH`, then where the packagers put versioned ones,
    /// newest first.
    pub(super) async fn find(&self, host: &Host) -> Result<Binaries> {
        let dirs = match &self.dir {
            Some(dir) => vec![host.path(dir)],
            None => directories(),
        };
        let mut seen = Vec::new();
        for dir in dirs.iter().filter(|dir| complete(dir)) {
            let binaries = ask(host, dir).await?;
            if self
                .major
                .is_none_or(|wanted| binaries.major() == Some(wanted))
            {
                return Ok(binaries);
            }
            seen.push(format!("{} in {}", binaries.version, dir.display()));
        }
        Err(self.missing(&seen))
    }

    fn missing(&self, seen: &[String]) -> Error {
        let wanted = self
            .major
            .map_or_else(String::new, |major| format!(" {major}"));
        let place = self.dir.as_ref().map_or_else(
            || "on PATH or where packages put them".to_owned(),
            |dir| format!("in {}", dir.display()),
        );
        let package = self.major.map_or_else(
            || "postgresql".to_owned(),
            |major| format!("postgresql-{major}"),
        );
        let brew = self.major.map_or_else(
            || "postgresql".to_owned(),
            |major| format!("postgresql@{major}"),
        );
        let install = program::install_hint(&package, "postgresql-server", &brew, "postgresql");
        let others = if seen.is_empty() {
            String::new()
        } else {
            format!(" (there is {})", seen.join(", "))
        };
        Error::new(format_args!(
            "PostgreSQL{wanted} is not installed: no `postgres` and `initdb` {place}{others}; install it with `{install}`"
        ))
    }
}

impl Binaries {
    fn major(&self) -> Option<u32> {
        number(&self.version)
    }
}

fn complete(dir: &Path) -> bool {
    program::is_program(&dir.join("postgres")) && program::is_program(&dir.join("initdb"))
}

async fn ask(host: &Host, dir: &Path) -> Result<Binaries> {
    let postgres = dir.join("postgres");
    let said = host.run(&Program::new(&postgres).arg("--version")).await?;
    let banner = said.trim().to_owned();
    let version = banner
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or("unknown")
        .to_owned();
    Ok(Binaries {
        postgres,
        initdb: dir.join("initdb"),
        banner,
        version,
    })
}

/// Every directory that may hold the programs.
fn directories() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versioned: Vec<PathBuf> = [
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/usr/libexec/postgresql*",
        "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin",
        "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    ]
    .into_iter()
    .filter_map(|pattern| glob::glob(pattern).ok())
    .flat_map(Iterator::flatten)
    .collect();
    versioned.sort_by_key(|dir| std::cmp::Reverse(number(&dir.to_string_lossy())));
    dirs.extend(versioned);
    dirs.extend(["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
    dirs
}

/// The first number in a text.
fn number(text: &str) -> Option<u32> {
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_versions_and_directories() {
        assert_eq!(number("15.4"), Some(15));
        assert_eq!(number("17beta1"), Some(17));
        assert_eq!(number("/usr/lib/postgresql/9/bin"), Some(9));
        assert_eq!(number("/opt/homebrew/opt/postgresql@16/bin"), Some(16));
        assert_eq!(number("/usr/bin"), None);
    }

    #[test]
    fn what_is_missing_is_said_with_the_command_that_installs_it() {
        let choice = Choice {
            dir: None,
            major: Some(16),
        };
        let said = choice.missing(&["15.4 in /usr/bin".to_owned()]).to_string();
        assert!(said.starts_with("PostgreSQL 16 is not installed"), "{said}");
        assert!(said.contains("there is 15.4 in /usr/bin"), "{said}");
        assert!(said.contains("install"), "{said}");
    }
}
