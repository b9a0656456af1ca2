//! The user that a program runs as which refuses to run as root.

use std::path::Path;

use crate::terms::{Error, Result};

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name, as in `/etc/passwd`.
    pub name: String,
    /// Numeric id.
    pub uid: u32,
    /// Numeric id of the primary group.
    pub gid: u32,
}

impl User {
    /// When this process runs as root: the first of `preferred` that exists, or `nobody`.
    /// Otherwise `None`: there is nothing to drop.
    ///
    /// # Errors
    /// This is root and there is no other user.
    pub fn unprivileged(preferred: &[&str]) -> Result<Option<Self>> {
        if !crate::kernel::detach::is_root() {
            return Ok(None);
        }
        let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let named = |wanted: &str| {
            known.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next().filter(|name| *name == wanted)?;
                let uid = fields.nth(1)?.parse().ok().filter(|uid| *uid != 0)?;
                let gid = fields.next()?.parse().ok()?;
                Some(Self {
                    name: name.to_owned(),
                    uid,
                    gid,
                })
            })
        };
        preferred
            .iter()
            .chain(&["nobody"])
            .find_map(|name| named(name))
            .map(Some)
            .ok_or_else(|| {
                Error::new("this is root, and no other user exists that the service could run as; add a user `nobody`")
            })
    }

    /// Makes the user the owner of a file or directory, which the caller has just created.
    ///
    /// # Errors
    /// The operating system's.
    pub fn own(&self, path: &Path) -> Result {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid)).map_err(|error| {
            Error::from(error).context(format_args!(
                "cannot make {} the owner of {}",
                self.name,
                path.display()
            ))
        })
    }
}
