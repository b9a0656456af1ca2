//! A data directory for one run: made once per version, copied for each start.

use std::fs;
use std::path::{Path, PathBuf};

use super::binaries::Binaries;
use crate::services::{Host, Program, User};
use crate::terms::{Error, Result, mix};

/// Name of the superuser of servers that we start.
pub(super) const ADMIN: &str = "phasegate";

/// What `initdb` is told. Segments of the smallest size: they are copied, too.
const SETTINGS: [&str; 7] = [
    "--no-sync",
    "--wal-segsize=1",
    "--encoding=UTF8",
    "--locale=C",
    "--auth=reject",
    "--username",
    ADMIN,
];

/// Makes a data directory at `to`, which must not exist.
pub(super) async fn create(
    host: &Host,
    binaries: &Binaries,
    user: Option<&User>,
    to: &Path,
) -> Result {
    let uid = user.map_or(0, |user| user.uid);
    let digest = mix(
        u64::from(uid),
        format!("{} {SETTINGS:?}", binaries.banner).as_bytes(),
    );
    let key = format!("postgres-{}-{digest:016x}", binaries.version);
    let made = host
        .cached(&key, user, |dir| {
            host.step("initdb", initialise(host, binaries, user, dir))
        })
        .await?;
    let (to, owner) = (to.to_owned(), user.cloned());
    host.step("copy", async move {
        tokio::task::spawn_blocking(move || copy(&made, &to, owner.as_ref())).await?
    })
    .await
}

async fn initialise(host: &Host, binaries: &Binaries, user: Option<&User>, dir: PathBuf) -> Result {
    let program = Program::new(&binaries.initdb)
        .args(SETTINGS)
        .arg("--pgdata")
        .arg(&dir)
        .env("LC_ALL", "C")
        .user(user.cloned());
    host.run(&program).await.map(drop)
}

/// Copies a directory; file systems that can share blocks between copies do so. Servers refuse
/// directories that others may read.
fn copy(from: &Path, to: &Path, owner: Option<&User>) -> Result {
    use std::os::unix::fs::DirBuilderExt;
    let cannot = |error: std::io::Error| {
        Error::from(error).context(format_args!(
            "cannot copy {} to {}",
            from.display(),
            to.display()
        ))
    };
    fs::DirBuilder::new()
        .mode(0o700)
        .create(to)
        .map_err(cannot)?;
    for entry in fs::read_dir(from).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(cannot)?.is_dir() {
            copy(&from, &to, owner)?;
        } else {
            fs::copy(&from, &to).map_err(cannot)?;
            if let Some(owner) = owner {
                owner.own(&to)?;
            }
        }
    }
    owner.map_or(Ok(()), |owner| owner.own(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_everything_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir_all(from.join("base/1")).unwrap();
        fs::write(from.join("base/1/1259"), "pages").unwrap();
        copy(&from, &to, None).unwrap();
        assert_eq!(fs::read_to_string(to.join("base/1/1259")).unwrap(), "pages");
        assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
