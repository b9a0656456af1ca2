//! Databases: made as clones, swapped for a reset, removed.

use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::error::SqlState;

use super::handle::Database;
use super::lane::{self, Lane};
use super::secret::Secret;
use super::site::{PREFIX, Site};
use super::sql::{cannot, ident, is, literal, said};
use crate::services::journal::Intent;
use crate::terms::{Error, Result};

/// First and longest pause between two looks at whether sessions have ended.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(20));

/// How long sessions may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a swap is tried again when a session slipped in.
const TRIES: u32 = 5;

/// A database that is as the template was, and nobody has seen.
pub(super) struct Spare {
    pub(super) database: Database,
    pub(super) intent: Option<Intent>,
}

/// Makes one, over a lane that may be kept busy.
pub(super) async fn make(site: &Site, lane: &Lane) -> Result<Spare> {
    let name = site.fresh();
    let secret = Secret::new()?;
    let database = site.database(&name, &name, &secret)?;
    let intent = site.intend(&name, &name)?;
    let quoted = ident(&name);
    let role = format!(
        "CREATE ROLE {quoted} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {} CONNECTION LIMIT {} IN ROLE {}{}",
        literal(&secret.verifier),
        site.share,
        ident(&site.name("owner")),
        site.join(&name),
    );
    let create = site.create_database(&name, &name, &site.name("template"));
    let open = format!(
        "REVOKE ALL ON DATABASE {quoted} FROM PUBLIC; ALTER DATABASE {quoted} ALLOW_CONNECTIONS true"
    );
    let spare = Spare { database, intent };
    for statement in [role, create, open] {
        if let Err(error) = lane.run(&statement).await {
            let failure = cannot(format_args!("clone the template as {name}"))(error);
            return Err(match remove(site, lane, spare).await {
                Ok(()) => failure,
                Err(more) => failure.context(more),
            });
        }
    }
    Ok(spare)
}

/// Removes one with its role, and marks it as undone.
pub(super) async fn remove(site: &Site, lane: &Lane, spare: Spare) -> Result {
    let name = &spare.database.name;
    drop_both(lane, &site.admin, name, name).await?;
    spare.intent.map_or(Ok(()), Intent::undone)
}

/// Puts the spare in the place of `held`: `held` is then as the template was, under the same name,
/// owner and password, and the spare is what `held` was.
pub(super) async fn swap(site: &Site, held: &Database, spare: &Spare) -> Result {
    let (old, new) = (ident(&held.name), ident(&spare.database.name));
    let between = ident(&format!("{}_x", held.name));
    let swap = format!(
        "ALTER DATABASE {old} RENAME TO {between}; ALTER DATABASE {new} RENAME TO {old}; ALTER DATABASE {between} RENAME TO {new}; ALTER DATABASE {old} OWNER TO {old}; ALTER DATABASE {new} OWNER TO {new}; ALTER ROLE {old} RESET ALL; ALTER ROLE {old} LOGIN"
    );
    let mut tries = 0;
    loop {
        quiesce(&site.front, &site.admin, &held.name, &held.role).await?;
        tries += 1;
        match site.front.run(&swap).await {
            Ok(()) => return Ok(()),
            Err(error) if is(&error, &SqlState::OBJECT_IN_USE) && tries < TRIES => {}
            Err(error) => {
                let failure = cannot(format_args!("reset {}", held.name))(error);
                let back = site.front.run(&format!("ALTER ROLE {old} LOGIN")).await;
                return Err(match back {
                    Ok(()) => failure,
                    Err(more) => failure.context(said(&more)),
                });
            }
        }
    }
}

/// Ends what goes on in a database and lets nobody in: its role may not log in any more, its
/// sessions are terminated and awaited, its prepared transactions rolled back. One that does not
/// exist is quiet.
pub(super) async fn quiesce(lane: &Lane, admin: &Config, database: &str, role: &str) -> Result {
    let end = end_sessions(&format!(
        "datid = (SELECT oid FROM pg_database WHERE datname = {})",
        literal(database)
    ));
    // Asked of the server in one go: most often there is nothing to end.
    let all = format!(
        "ALTER ROLE {} NOLOGIN; {end} UNION ALL SELECT gid FROM pg_prepared_xacts WHERE database = {}",
        ident(role),
        literal(database)
    );
    match lane.column(&all).await {
        Ok(left) if left.is_empty() => return Ok(()),
        Err(error) if !is(&error, &SqlState::UNDEFINED_OBJECT) => {
            return Err(cannot(format_args!("end the sessions of {database}"))(
                error,
            ));
        }
        _ => {}
    }
    settle(lane, &end, database).await?;
    let prepared = lane
        .column(&format!(
            "SELECT gid FROM pg_prepared_xacts WHERE database = {}",
            literal(database)
        ))
        .await
        .map_err(cannot(format_args!("ask what is prepared in {database}")))?;
    if prepared.is_empty() {
        return Ok(());
    }
    roll_back(admin, database, &prepared).await?;
    settle(lane, &end, database).await
}

/// Ends the sessions of one start of ours, and what they were told to do.
pub(super) async fn end_start(lane: &Lane, start: &str) -> Result {
    let of = format!("application_name = {}", literal(start));
    settle(lane, &end_sessions(&of), start).await
}

/// Without the view `pg_stat_activity`, whose joins cost more than all else here.
fn end_sessions(of: &str) -> String {
    format!(
        "SELECT pg_terminate_backend(pid)::text FROM pg_stat_get_activity(NULL) WHERE {of} AND pid <> pg_backend_pid()"
    )
}

/// Terminates sessions until there is none.
async fn settle(lane: &Lane, end: &str, whose: &str) -> Result {
    let ended = async {
        let mut pause = PAUSES.0;
        while !lane.column(end).await?.is_empty() {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, ended)
        .await
        .map_err(|_| {
            Error::new(format_args!(
                "sessions of {whose} do not end although they were terminated"
            ))
        })?
        .map_err(cannot(format_args!("end the sessions of {whose}")))
}

/// Only from within its database can a prepared transaction be ended, and only by the role that
/// prepared it or a superuser.
async fn roll_back(admin: &Config, database: &str, prepared: &[String]) -> Result {
    let doing = || format!("roll back what was prepared in {database}");
    let mut config = admin.clone();
    config.dbname(database);
    let client = lane::connect(&config).await.map_err(cannot(doing()))?;
    for gid in prepared {
        let owner = client
            .query_opt(
                "SELECT owner::text FROM pg_prepared_xacts WHERE gid = $1",
                &[gid],
            )
            .await
            .map_err(cannot(doing()))?;
        let Some(owner) = owner else { continue };
        let owner: String = owner.get(0);
        for statement in [
            format!("SET ROLE {}", ident(&owner)),
            format!("ROLLBACK PREPARED {}", literal(gid)),
            "RESET ROLE".to_owned(),
        ] {
            client
                .batch_execute(&statement)
                .await
                .map_err(cannot(doing()))?;
        }
    }
    Ok(())
}

/// Removes a database and a role, whatever goes on in the one and depends on the other. Either may
/// be gone already.
pub(super) async fn drop_both(lane: &Lane, admin: &Config, database: &str, role: &str) -> Result {
    drop_database(lane, admin, database, role).await?;
    let drop_role = format!("DROP ROLE IF EXISTS {}", ident(role));
    match lane.run(&drop_role).await {
        Err(error) if is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST) => {}
        answer => return answer.map_err(cannot(format_args!("drop the role {role}"))),
    }
    // A reset has left what the role owned in a database of ours that is not yet removed.
    let others = format!(
        "SELECT DISTINCT d.datname FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid OR (s.dbid = 0 AND s.classid = 'pg_database'::regclass AND d.oid = s.objid) WHERE s.refobjid = (SELECT oid FROM pg_roles WHERE rolname = {})",
        literal(role)
    );
    let others = lane
        .column(&others)
        .await
        .map_err(cannot(format_args!("ask what depends on {role}")))?;
    for other in others.iter().filter(|name| kin(name, role)) {
        drop_database(lane, admin, other, role).await?;
    }
    lane.run(&drop_role)
        .await
        .map_err(cannot(format_args!("drop the role {role}")))
}

async fn drop_database(lane: &Lane, admin: &Config, database: &str, role: &str) -> Result {
    quiesce(lane, admin, database, role).await?;
    lane.run(&format!("DROP DATABASE IF EXISTS {}", ident(database)))
        .await
        .map_err(cannot(format_args!("drop the database {database}")))
}

/// Whether two names were made by one start of ours.
fn kin(one: &str, other: &str) -> bool {
    let stem = |name: &str| name.rsplit_once('_').map(|(stem, _)| stem.to_owned());
    one.starts_with(PREFIX) && stem(one).is_some() && stem(one) == stem(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_one_start_made_is_kin() {
        assert!(kin("phasegate_0f_1", "phasegate_0f_22"));
        assert!(!kin("phasegate_0f_1", "phasegate_10_1"));
        assert!(!kin("shop_0f_1", "shop_0f_2"));
    }
}
