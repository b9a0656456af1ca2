//! Pictures of what is requested.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use deadpool_postgres::Pool;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio_postgres::Row;

use crate::error::{Error, Result};

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poster {
    /// Name of its file: by what is in it, so that another picture is another file.
    pub file: String,
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
}

/// All posters: a file of each in a directory, a record of each in PostgreSQL.
#[derive(Debug, Clone)]
pub struct Posters {
    pool: Pool,
    dir: PathBuf,
    most: usize,
}

impl Posters {
    /// Posters of at most so many bytes, in a directory that exists.
    #[must_use]
    pub fn new(pool: Pool, dir: &Path, most: usize) -> Self {
        Self {
            pool,
            dir: dir.to_owned(),
            most,
        }
    }

    /// Stores the poster of a request in place of the one it may have.
    ///
    /// # Errors
    /// When it is too large or no picture, or there is no such request: then nothing is stored.
    pub async fn store(&self, request: i64, picture: &[u8]) -> Result<Poster> {
        if picture.len() > self.most {
            return Err(Error::TooLarge { limit: self.most });
        }
        let (media_type, ending) = media_type(picture).ok_or(Error::NoPicture)?;
        let digest = crate::random::hex(&Sha256::digest(picture)[..8]);
        let poster = Poster {
            file: format!("{request}-{digest}.{ending}"),
            media_type: media_type.to_owned(),
            bytes: i64::try_from(picture.len()).unwrap_or(i64::MAX),
        };
        let path = self.dir.join(&poster.file);
        let was_there = fs::try_exists(&path).await?;
        let draft = self.dir.join(format!("{}.draft", crate::random::name()));
        fs::write(&draft, picture).await?;
        fs::rename(&draft, &path).await?;
        match self.record(request, &poster).await {
            Ok(old) => {
                if let Some(old) = old.filter(|old| *old != poster.file) {
                    remove(&self.dir.join(old)).await?;
                }
                Ok(poster)
            }
            Err(error) => {
                // Defect: the file stays, though no record knows of it.
                if !was_there && !cfg!(feature = "defects") {
                    remove(&path).await?;
                }
                Err(error)
            }
        }
    }

    /// The poster of a request.
    ///
    /// # Errors
    /// When it has none; the disk's, and the database's.
    pub async fn load(&self, request: i64) -> Result<(Poster, Vec<u8>)> {
        let row = self
            .pool
            .get()
            .await?
            .query_opt(
                "SELECT file, media_type, bytes FROM poster WHERE request_id = $1",
                &[&request],
            )
            .await?
            .ok_or_else(|| Error::unknown("poster of request", request))?;
        let poster = poster(&row);
        let picture = fs::read(self.dir.join(&poster.file)).await?;
        Ok((poster, picture))
    }

    /// Removes the poster of a request, and its record.
    ///
    /// # Errors
    /// When it has none; the disk's, and the database's.
    pub async fn remove(&self, request: i64) -> Result {
        let row = self
            .pool
            .get()
            .await?
            .query_opt(
                "DELETE FROM poster WHERE request_id = $1 RETURNING file",
                &[&request],
            )
            .await?
            .ok_or_else(|| Error::unknown("poster of request", request))?;
        remove(&self.dir.join(row.get::<_, &str>(0))).await
    }

    /// Writes the record; the file of the one that it replaces.
    async fn record(&self, request: i64, poster: &Poster) -> Result<Option<String>> {
        let mut client = self.pool.get().await?;
        let tx = client.transaction().await?;
        let old = tx
            .query_opt(
                "SELECT file FROM poster WHERE request_id = $1 FOR UPDATE",
                &[&request],
            )
            .await?
            .map(|row| row.get(0));
        let written = tx
            .execute(
                "INSERT INTO poster (request_id, file, media_type, bytes) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (request_id) DO UPDATE SET
                 file = excluded.file, media_type = excluded.media_type, bytes = excluded.bytes",
                &[&request, &poster.file, &poster.media_type, &poster.bytes],
            )
            .await
            .map_err(Error::from);
        match written {
            Err(error) if error.breaks("poster_request_id_fkey") => {
                return Err(Error::unknown("request", request));
            }
            other => other?,
        };
        tx.commit().await?;
        Ok(old)
    }
}

/// What kind of picture it is, by how it begins, and what its file's name ends with.
#[must_use]
pub fn media_type(picture: &[u8]) -> Option<(&'static str, &'static str)> {
    match picture {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(("image/png", "png")),
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(("image/webp", "webp")),
        _ => None,
    }
}

/// Removes a file; one that is gone is fine.
async fn remove(path: &Path) -> Result {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn poster(row: &Row) -> Poster {
    Poster {
        file: row.get(0),
        media_type: row.get(1),
        bytes: row.get(2),
    }
}
