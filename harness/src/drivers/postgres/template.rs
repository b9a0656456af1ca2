//! The database that all others are clones of.

use std::sync::Arc;

use super::clones;
use super::handle::Database;
use super::lane;
use super::preparation::Preparation;
use super::secret::Secret;
use super::site::Site;
use super::sql::{cannot, ident, literal};
use crate::services::journal::Intent;
use crate::terms::Result;

/// The template, and the role that owns what is in it.
pub(super) struct Template {
    site: Arc<Site>,
    database: String,
    role: String,
    intent: Option<Intent>,
    /// What it takes up, and each clone of it, in bytes.
    pub(super) size: u64,
}

impl Template {
    /// Makes an empty database, prepares it, and closes it for good: what can be cloned is what
    /// nobody is connected to.
    pub(super) async fn make(site: &Arc<Site>, preparations: &[Preparation]) -> Result<Self> {
        let (database, role) = (site.name("template"), site.name("owner"));
        let intent = site.intend(&database, &role)?;
        let mut template = Self {
            site: Arc::clone(site),
            database,
            role,
            intent,
            size: 0,
        };
        match template.fill(preparations).await {
            Ok(size) => {
                template.size = size;
                Ok(template)
            }
            Err(error) => Err(match template.remove().await {
                Ok(()) => error,
                Err(more) => error.context(more),
            }),
        }
    }

    /// Says how large it has become, in bytes.
    async fn fill(&self, preparations: &[Preparation]) -> Result<u64> {
        let site = &self.site;
        let (database, role) = (ident(&self.database), ident(&self.role));
        let secret = Secret::new()?;
        let begin = async {
            // Migrations may need what only a superuser can: extensions. Tests get none of it.
            let power = if site.superuser {
                "SUPERUSER"
            } else {
                "NOSUPERUSER"
            };
            let owner = format!(
                "CREATE ROLE {role} LOGIN {power} PASSWORD {}{}",
                literal(&secret.verifier),
                site.join(&self.role)
            );
            site.front.run(&owner).await?;
            let create = site.create_database(&self.database, &self.role, "template0");
            site.front.run(&create).await?;
            let open = format!(
                "REVOKE ALL ON DATABASE {database} FROM PUBLIC; ALTER DATABASE {database} ALLOW_CONNECTIONS true"
            );
            site.front.run(&open).await
        };
        site.host
            .step("template", async {
                begin.await.map_err(cannot("make the template database"))
            })
            .await?;
        let entry = site.database(&self.database, &self.role, &secret)?;
        for preparation in preparations {
            site.host
                .step(preparation.step(), preparation.run(&site.host, &entry))
                .await?;
        }
        site.host.step("analyse", analyse(&entry)).await?;
        clones::quiesce(&site.front, &site.admin, &self.database, &self.role).await?;
        // As its owner's member, a lease's role could enter it.
        let power = if site.superuser { " NOSUPERUSER" } else { "" };
        let close = format!(
            "ALTER ROLE {role}{power} NOLOGIN PASSWORD NULL; ALTER DATABASE {database} ALLOW_CONNECTIONS false; ALTER DATABASE {database} OWNER TO CURRENT_USER"
        );
        let size = async {
            site.front.run(&close).await?;
            let size = format!("SELECT pg_database_size({})", literal(&self.database));
            site.front.column(&size).await
        };
        let size = size.await.map_err(cannot("close the template"))?;
        Ok(size
            .first()
            .and_then(|n| n.parse().ok())
            .unwrap_or(u64::MAX))
    }

    /// Removes it, after all clones.
    pub(super) async fn remove(&self) -> Result {
        let site = &self.site;
        clones::drop_both(&site.front, &site.admin, &self.database, &self.role).await?;
        self.intent.clone().map_or(Ok(()), Intent::undone)
    }
}

/// Counts what the planner wants to know, in what was migrated; the rest is as `initdb` left it.
async fn analyse(entry: &Database) -> Result {
    let done = async {
        let client = lane::connect(&entry.config()).await?;
        let tables: Option<String> = client
            .query_one(
                "SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c WHERE c.relkind IN ('r', 'm', 'p') AND c.oid >= 16384",
                &[],
            )
            .await?
            .get(0);
        match tables {
            Some(tables) => client.batch_execute(&format!("ANALYZE {tables}")).await,
            None => Ok(()),
        }
    };
    done.await.map_err(cannot("analyse the template"))
}
