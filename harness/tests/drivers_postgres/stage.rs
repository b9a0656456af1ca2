//! What every test here needs: a started server, and questions to it.

use phasegate::Postgres;
use phasegate::drivers::postgres::{Database, Server};
use phasegate::services::{Running, Service, Trial};
use tokio_postgres::{Client, NoTls};

/// Two tables, a thousand rows.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE author (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE book (id SERIAL PRIMARY KEY, author INT REFERENCES author, title TEXT);
    INSERT INTO author (name) SELECT 'author ' || n FROM generate_series(1, 1000) n;";

/// A service and the host that it runs in.
pub(crate) struct Stage {
    pub(crate) trial: Trial,
    pub(crate) server: Server,
}

impl Stage {
    pub(crate) async fn of(service: &Postgres) -> Self {
        let trial = Trial::new("database").unwrap();
        match service.start(trial.host()).await {
            Ok(server) => Self { trial, server },
            Err(error) => {
                trial.close().unwrap();
                panic!("{error}");
            }
        }
    }

    pub(crate) async fn lease(&self, test: &str) -> Database {
        self.server.lease(&self.trial.ask(test)).await.unwrap()
    }

    pub(crate) async fn strike(self) {
        self.server.stop().await.unwrap();
        assert_eq!(
            self.trial.left_in_journal(),
            Vec::<serde_json::Value>::new()
        );
        self.trial.close().unwrap();
    }
}

/// A small server with the schema.
pub(crate) fn small() -> Postgres {
    Postgres::local().pool(2).seed_sql(SCHEMA)
}

/// The number that a query returns.
pub(crate) async fn number(client: &Client, query: &str) -> i64 {
    client.query_one(query, &[]).await.unwrap().get(0)
}

/// The first column of a query.
pub(crate) async fn texts(client: &Client, query: &str) -> Vec<String> {
    let rows = client.query(query, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Connects to a URL.
pub(crate) async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
