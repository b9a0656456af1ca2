//! Our own connection to a server.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ConnectionInfo, FromRedisValue, RedisError};
use tokio::sync::Mutex;

use crate::terms::{Error, Result};

/// Longest wait for an answer. Above `lua-time-limit`, after which a server that is busy with a
/// script says so.
const ANSWER: Duration = Duration::from_secs(15);

/// Pause between two tries to get past a script.
const MOMENT: Duration = Duration::from_millis(5);

/// The code of a server's error while a script runs on and on.
const BUSY: &str = "BUSY";

/// A connection with all rights, made again when it broke. All that is sent over it may be sent
/// twice.
pub(super) struct Admin {
    client: Client,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Admin {
    pub(super) fn new(to: ConnectionInfo) -> Result<Self> {
        Ok(Self {
            client: Client::open(to)?,
            connection: Mutex::new(None),
        })
    }

    /// Sends a command. A script that keeps the server busy is ended.
    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        self.ask(command).await.map_err(Error::from)
    }

    /// As [`Admin::run`], for whoever looks at the error's code.
    pub(super) async fn ask<T: FromRedisValue>(
        &self,
        command: &Cmd,
    ) -> std::result::Result<T, RedisError> {
        match self.once(command).await {
            Err(error) if error.is_unrecoverable_error() || error.is_timeout() => {
                self.connection.lock().await.take();
                self.once(command).await
            }
            Err(error) if error.code() == Some(BUSY) => self.past_script(command).await,
            answer => answer,
        }
    }

    /// Ends the script that keeps the server busy, which takes the server a moment, and asks again.
    async fn past_script<T: FromRedisValue>(
        &self,
        command: &Cmd,
    ) -> std::result::Result<T, RedisError> {
        let began = Instant::now();
        let mut kill = redis::cmd("SCRIPT");
        kill.arg("KILL");
        loop {
            match self.once::<()>(&kill).await {
                // It may have come to its end by itself.
                Err(error) if error.code() != Some("NOTBUSY") => return Err(error),
                _ => {}
            }
            match self.once(command).await {
                Err(error) if error.code() == Some(BUSY) && began.elapsed() < ANSWER => {
                    tokio::time::sleep(MOMENT).await;
                }
                answer => return answer,
            }
        }
    }

    async fn once<T: FromRedisValue>(&self, command: &Cmd) -> std::result::Result<T, RedisError> {
        let mut connection = self.connection().await?;
        command.query_async(&mut connection).await
    }

    async fn connection(&self) -> std::result::Result<MultiplexedConnection, RedisError> {
        let mut connection = self.connection.lock().await;
        if let Some(open) = &*connection {
            return Ok(open.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ANSWER))
            .set_response_timeout(Some(ANSWER));
        let made = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        *connection = Some(made.clone());
        Ok(made)
    }

    pub(super) async fn ping(&self) -> Result {
        self.run(&redis::cmd("PING")).await
    }

    /// A field of `INFO`.
    pub(super) async fn info(&self, section: &str, field: &str) -> Result<Option<String>> {
        let text: String = self.run(redis::cmd("INFO").arg(section)).await?;
        let found = text
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        Ok(found.map(|value| value.trim().to_owned()))
    }

    /// Removes a user and ends its connections; no error if there is none.
    pub(super) async fn forget_user(&self, user: &str) -> Result {
        self.run(redis::cmd("ACL").arg("DELUSER").arg(user)).await
    }

    /// Empties one database, wherever this connection stands.
    pub(super) async fn empty(&self, database: u32) -> Result {
        let left: u64 = self
            .run(redis::cmd("EVAL").arg(EMPTY).arg(0).arg(database))
            .await?;
        match left {
            0 => Ok(()),
            left => Err(Error::new(format_args!(
                "{left} keys are still in database {database} after FLUSHDB"
            ))),
        }
    }
}

/// In a script, because a `SELECT` there ends with it, and because nothing comes between the two.
const EMPTY: &str = "redis.call('SELECT', ARGV[1]) \
    redis.call('FLUSHDB', 'ASYNC') \
    return redis.call('DBSIZE')";
