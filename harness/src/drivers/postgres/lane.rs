//! A connection of ours that comes back when it was lost.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// Connects, and drives the connection in a task that ends with the client.
pub(super) async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    // What ends a connection is the answer to whatever is asked over it next.
    tokio::spawn(connection);
    Ok(client)
}

/// One connection, made when it is first needed and again when it was lost.
pub(super) struct Lane {
    config: Config,
    client: Mutex<Option<Arc<Client>>>,
}

impl Lane {
    pub(super) fn new(config: &Config) -> Self {
        let mut config = config.clone();
        config.connect_timeout(Duration::from_secs(5));
        Self {
            config,
            client: Mutex::new(None),
        }
    }

    async fn client(&self) -> Result<Arc<Client>, tokio_postgres::Error> {
        let mut held = self.client.lock().await;
        if let Some(client) = held.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(connect(&self.config).await?);
        *held = Some(Arc::clone(&client));
        Ok(client)
    }

    /// Runs statements. Several in one text are one transaction, and no other caller's come between
    /// them.
    pub(super) async fn run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client().await?.batch_execute(sql).await
    }

    /// First column of each row; NULL is left out.
    pub(super) async fn column(&self, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
        let answer = self.client().await?.simple_query(sql).await?;
        Ok(answer
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            })
            .collect())
    }
}
