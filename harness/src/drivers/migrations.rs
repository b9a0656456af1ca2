//! SQL files of a directory, in the order in which they are applied.

use std::path::{Path, PathBuf};

use crate::terms::{Error, Result};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migration {
    /// Name of the file.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) sql: String,
}

/// The `*.sql` files of a directory: by the number that a name begins with, as sqlx and refinery
/// count (`2_x.sql` before `10_y.sql`), then by name. What undoes (`*.down.sql`) is left out.
pub(crate) fn read(dir: &Path) -> Result<Vec<Migration>> {
    let cannot = |path: &Path, error: std::io::Error| {
        Error::from(error).context(format_args!(
            "cannot read the migrations {}",
            path.display()
        ))
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|e| cannot(dir, e))? {
        let path = entry.map_err(|e| cannot(dir, e))?.path();
        let name = match path.file_name().and_then(|name| name.to_str()) {
            Some(name) if is_migration(name) => name.to_owned(),
            _ => continue,
        };
        let sql = std::fs::read_to_string(&path).map_err(|e| cannot(&path, e))?;
        found.push(Migration { name, path, sql });
    }
    if found.is_empty() {
        return Err(Error::new(format_args!(
            "{} holds no migrations; put `*.sql` files into it",
            dir.display()
        )));
    }
    found.sort_by(|a, b| (number(&a.name), &a.name).cmp(&(number(&b.name), &b.name)));
    Ok(found)
}

fn is_migration(name: &str) -> bool {
    name.ends_with(".sql") && !name.ends_with(".down.sql") && !name.starts_with('.')
}

/// The number in front; names without one come last, as letters come after digits.
fn number(name: &str) -> u128 {
    // refinery writes `V2__x.sql`.
    let name = name.strip_prefix('V').unwrap_or(name);
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    name[..digits].parse().unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn files_are_read_in_the_order_of_their_numbers() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "10_ten.up.sql",
            "10_ten.down.sql",
            "V2__two.sql",
            "0003_three.sql",
            "views.sql",
            "README.md",
            ".2_two.sql.swp",
            ".hidden.sql",
        ] {
            std::fs::write(dir.path().join(name), format!("-- {name}")).unwrap();
        }
        let read = read(dir.path()).unwrap();
        let names: Vec<&str> = read.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "V2__two.sql",
                "0003_three.sql",
                "10_ten.up.sql",
                "views.sql"
            ]
        );
        assert_eq!(read[0].sql, "-- V2__two.sql");
        assert_eq!(read[0].path, dir.path().join("V2__two.sql"));
    }

    #[test]
    fn a_directory_without_migrations_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let empty = read(dir.path()).unwrap_err().to_string();
        assert!(empty.contains("holds no migrations; put"), "{empty}");
        let missing = read(&dir.path().join("migrationz"))
            .unwrap_err()
            .to_string();
        assert!(missing.contains("migrationz"), "{missing}");
    }
}
