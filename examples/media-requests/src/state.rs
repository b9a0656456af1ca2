//! All parts of the application in one place.

use deadpool_postgres::{Manager, Pool, Runtime};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use tokio_postgres::NoTls;

use crate::accounts::Accounts;
use crate::audit::Audit;
use crate::catalogue::{Catalogue, Keep};
use crate::config::{Config, Limit, Secret};
use crate::desk::Desk;
use crate::devices::Devices;
use crate::error::{Error, Result};
use crate::gateway::Gateway;
use crate::health::Monitor;
use crate::media_server::MediaServer;
use crate::metadata::Metadata;
use crate::notifications::Notifications;
use crate::password::Hasher;
use crate::posters::Posters;
use crate::rate_limit::RateLimit;
use crate::requests::Requests;
use crate::sessions::Sessions;
use crate::tokens::Tokens;
use crate::upstream;
use crate::vault::Vault;

/// The application. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// Who people are.
    pub accounts: Accounts,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Linked devices.
    pub devices: Devices,
    /// Where requests are made and decided.
    pub desk: Desk,
    /// Pictures.
    pub posters: Posters,
    /// Who did what.
    pub audit: Audit,
    /// Whether the parts answer.
    pub monitor: Monitor,
    pub(crate) sign_in_limit: Limit,
    pub(crate) webhook_token: Secret,
    pub(crate) poster_bytes: usize,
}

impl App {
    /// Puts the parts together. Connections are made when they are first needed: a part that is
    /// down keeps only what needs it from working.
    ///
    /// # Errors
    /// [`Error::Config`], with what cannot work.
    pub fn new(config: &Config) -> Result<Self> {
        let pool = pool(config)?;
        let redis = redis(config)?;
        let http = upstream::client(config.patience)?;
        let clock = config.clock.clone();
        let metadata = Metadata::new(http.clone(), config.metadata.clone());
        let media_server = MediaServer::new(http, config.media_server.clone());
        let gateway = config
            .gateway
            .as_ref()
            .map(|url| Gateway::new(url, config.patience));
        let keep = Keep {
            title: config.title_time,
            missing: config.missing_time,
        };
        let desk = Desk {
            catalogue: Catalogue::new(metadata.clone(), redis.clone(), pool.clone(), keep),
            requests: Requests::new(pool.clone(), config.open_requests),
            media_server: media_server.clone(),
            notifications: Notifications::new(pool.clone(), gateway),
            rate_limit: RateLimit::new(redis.clone(), clock.clone()),
            limit: config.request_limit,
        };
        let tokens = Tokens::new(&config.signing_key, clock.clone());
        let vault = Vault::new(&config.vault_key);
        Ok(Self {
            accounts: Accounts::new(pool.clone(), Hasher::new(config.password_cost)?),
            sessions: Sessions::new(redis.clone(), tokens, clock, config.session_time),
            devices: Devices::new(pool.clone(), redis.clone(), vault, media_server.clone()),
            desk,
            posters: Posters::new(pool.clone(), &config.posters, config.poster_bytes),
            audit: Audit::new(pool.clone()),
            monitor: Monitor {
                pool,
                redis,
                metadata,
                media_server,
            },
            sign_in_limit: config.sign_in_limit,
            webhook_token: config.webhook_token.clone(),
            poster_bytes: config.poster_bytes,
        })
    }
}

fn pool(config: &Config) -> Result<Pool> {
    // What the parser says may quote the URL, and with it the password.
    let parsed: tokio_postgres::Config =
        config
            .database
            .expose()
            .parse()
            .map_err(|_| Error::Config {
                key: "database",
                why: "it is no `postgres://` URL".to_owned(),
            })?;
    Pool::builder(Manager::new(parsed, NoTls))
        .max_size(config.connections)
        .wait_timeout(Some(config.patience))
        .create_timeout(Some(config.patience))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| Error::Config {
            key: "connections",
            why: error.to_string(),
        })
}

fn redis(config: &Config) -> Result<ConnectionManager> {
    let client = redis::Client::open(config.cache.expose()).map_err(|_| Error::Config {
        key: "cache",
        why: "it is no `redis://` URL".to_owned(),
    })?;
    // A call that finds the cache away fails at once; the next one connects anew.
    let settings = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(config.patience))
        .set_response_timeout(Some(config.patience));
    Ok(ConnectionManager::new_lazy_with_config(client, settings)?)
}
