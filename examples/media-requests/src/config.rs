//! What a deployment decides.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Clock;

/// Everything a deployment decides. [`Config::new`] has the defaults; the fields are there to be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// `postgres://…`
    pub database: Secret,
    /// Connections to it.
    pub connections: usize,
    /// `redis://…`
    pub cache: Secret,
    /// The API that knows films and series.
    pub metadata: Upstream,
    /// The server that fetches and plays them.
    pub media_server: Upstream,
    /// `ws://…` of the gateway that pushes to phones, if there is one.
    pub gateway: Option<String>,
    /// Directory of the posters.
    pub posters: PathBuf,
    /// Largest poster, in bytes.
    pub poster_bytes: usize,
    /// Signs session tokens.
    pub signing_key: Secret,
    /// Seals device tokens.
    pub vault_key: VaultKey,
    /// The media server's webhook proves itself with it.
    pub webhook_token: Secret,
    /// How long a session lasts.
    pub session_time: Duration,
    /// How long a title is kept in the cache.
    pub title_time: Duration,
    /// How long the cache remembers that there is no such title.
    pub missing_time: Duration,
    /// Attempts to sign in, for each name.
    pub sign_in_limit: Limit,
    /// Requests, for each account.
    pub request_limit: Limit,
    /// Requests of one account that may be open at once.
    pub open_requests: i64,
    /// What one password hash costs.
    pub password_cost: Cost,
    /// How long another server may take to answer.
    pub patience: Duration,
    /// What time it is.
    pub clock: Clock,
}

impl Config {
    /// The defaults, for a database, a cache and a directory of posters. The other servers are
    /// looked for on this machine, and every key is random: set them.
    #[must_use]
    pub fn new(database: &str, cache: &str, posters: impl Into<PathBuf>) -> Self {
        Self {
            database: Secret::new(database),
            connections: 8,
            cache: Secret::new(cache),
            metadata: Upstream::new("http://127.0.0.1:8081", ""),
            media_server: Upstream::new("http://127.0.0.1:8082", ""),
            gateway: None,
            posters: posters.into(),
            poster_bytes: 2 * 1024 * 1024,
            signing_key: Secret::new(&crate::random::name()),
            vault_key: VaultKey(crate::random::bytes()),
            webhook_token: Secret::new(&crate::random::name()),
            session_time: Duration::from_secs(8 * 3600),
            title_time: Duration::from_secs(24 * 3600),
            missing_time: Duration::from_secs(600),
            sign_in_limit: Limit::new(10, Duration::from_secs(60)),
            request_limit: Limit::new(30, Duration::from_secs(3600)),
            open_requests: 20,
            password_cost: Cost::default(),
            patience: Duration::from_secs(5),
            clock: Clock::system(),
        }
    }
}

/// Something that no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` secret.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The 256 bits that seal device tokens.
#[derive(Clone)]
pub struct VaultKey(pub [u8; 32]);

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(…)")
    }
}

/// Another server, and how we prove who we are.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// Where it is, without a slash at the end.
    pub url: String,
    /// What it knows us by.
    pub key: Secret,
}

impl Upstream {
    /// A server at a URL.
    #[must_use]
    pub fn new(url: &str, key: &str) -> Self {
        Self {
            url: url.trim_end_matches('/').to_owned(),
            key: Secret::new(key),
        }
    }
}

/// So many in so much time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many.
    pub count: u64,
    /// The time; whole seconds.
    pub window: Duration,
}

impl Limit {
    /// `count` in each `window`.
    #[must_use]
    pub fn new(count: u64, window: Duration) -> Self {
        Self { count, window }
    }
}

/// What one password hash costs (Argon2id).
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// As OWASP recommends: 19 MiB, two passes.
    fn default() -> Self {
        Self {
            memory: 19 * 1024,
            passes: 2,
        }
    }
}
