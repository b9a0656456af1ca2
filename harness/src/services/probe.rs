//! Whether something answers.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::program::Program;
use crate::terms::{Error, Result};

/// Longest that one try may take.
const ONE_TRY: Duration = Duration::from_secs(5);

/// First and longest pause between two tries.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(250));

/// A question whose answer says that a service is ready.
#[derive(Clone)]
pub enum Probe {
    /// A TCP connection can be made to `host:port`.
    Tcp(String),
    /// `GET` of an `http://` URL is answered with a status from 200 to 399.
    Http(String),
    /// The program exits with code 0.
    Command(Program),
    /// The query succeeds on the PostgreSQL server of the URL.
    #[cfg(feature = "postgres")]
    Sql {
        /// `postgres://user:password@host:port/database`
        url: String,
        /// `SELECT 1`
        query: String,
    },
}

impl Probe {
    /// Asks once.
    ///
    /// # Errors
    /// What came instead of the answer.
    pub async fn check(&self) -> Result {
        match tokio::time::timeout(ONE_TRY, self.ask()).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::new(format_args!(
                "no answer within {}",
                humantime::format_duration(ONE_TRY)
            ))),
        }
    }

    async fn ask(&self) -> Result {
        match self {
            Self::Tcp(address) => TcpStream::connect(address)
                .await
                .map(drop)
                .map_err(Error::from),
            Self::Http(url) => http(url).await,
            Self::Command(program) => command(program).await,
            #[cfg(feature = "postgres")]
            Self::Sql { url, query } => sql(url, query).await,
        }
    }
}

/// As a reader knows it: a URL may hold a password.
impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Probe({self})")
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "connect to {address}"),
            Self::Http(url) => write!(f, "GET {url}"),
            Self::Command(program) => {
                f.write_str(&program.name())?;
                for arg in &program.args {
                    write!(f, " {}", arg.to_string_lossy())?;
                }
                Ok(())
            }
            #[cfg(feature = "postgres")]
            Self::Sql { query, .. } => write!(f, "`{query}`"),
        }
    }
}

/// Tries `probe` until it succeeds, with growing pauses, until `deadline` or until `death` says how
/// the program has ended.
pub(crate) async fn until_ready<F: Future<Output = Result>>(
    name: &impl fmt::Display,
    deadline: Instant,
    death: impl Future<Output = String>,
    mut probe: impl FnMut() -> F,
) -> Result {
    let began = Instant::now();
    let mut pause = PAUSES.0;
    let mut death = std::pin::pin!(death);
    loop {
        let answer = tokio::select! {
            answer = tokio::time::timeout(ONE_TRY, probe()) => match answer {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => error,
                Err(_) => Error::new(format_args!("no answer within {}", humantime::format_duration(ONE_TRY))),
            },
            how = &mut death => {
                return Err(Error::new(format_args!("{how} before probe {name} succeeded")));
            }
        };
        if Instant::now() >= deadline {
            return Err(answer.context(format_args!(
                "not ready after {:.1} s: probe {name}",
                began.elapsed().as_secs_f64()
            )));
        }
        tokio::time::sleep(jittered(pause)).await;
        pause = (pause * 3 / 2).min(PAUSES.1);
    }
}

/// A fifth more or less, so that probes of many services do not march in step.
fn jittered(pause: Duration) -> Duration {
    let chance = u32::from(
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |t| t.subsec_nanos())
            .to_le_bytes()[0],
    );
    pause * (80 + chance * 40 / 255) / 100
}

/// Reads no more than the status line: what else a server says is of no interest here.
async fn http(url: &str) -> Result {
    let url = url::Url::parse(url)?;
    if url.scheme() != "http" {
        return Err(Error::new(format_args!(
            "a probe speaks `http`, not `{}`: use `Probe::Command` with a client of your own",
            url.scheme()
        )));
    }
    let host = url
        .host_str()
        .ok_or_else(|| Error::new("the probe's URL names no host"))?;
    let port = url.port_or_known_default().unwrap_or(80);
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: phasegate\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    let mut buffer = [0; 256];
    while !head.contains(&b'\n') && head.len() < 4096 {
        match stream.read(&mut buffer).await? {
            0 => break,
            length => head.extend_from_slice(&buffer[..length]),
        }
    }
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let status = line
        .strip_prefix("HTTP/")
        .and_then(|rest| rest.split(' ').nth(1))
        .and_then(|status| status.trim().parse::<u16>().ok());
    match status {
        Some(200..=399) => Ok(()),
        Some(status) => Err(Error::new(format_args!("answered with status {status}"))),
        None => Err(Error::new("the answer is no HTTP")),
    }
}

async fn command(program: &Program) -> Result {
    let mut command = tokio::process::Command::new(&program.path);
    command
        .args(&program.args)
        .envs(program.env.iter().map(|(name, value)| (name, value)))
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    if let Some(dir) = &program.dir {
        command.current_dir(dir);
    }
    let output = command.output().await.map_err(|error| {
        Error::from(error).context(format_args!("cannot start {}", program.path.display()))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.lines().last().unwrap_or_default();
    Err(Error::new(format_args!(
        "{}: {last}",
        super::process::said(output.status)
    )))
}

#[cfg(feature = "postgres")]
async fn sql(url: &str, query: &str) -> Result {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driven = tokio::spawn(connection);
    let answer = client.simple_query(query).await;
    drop(client);
    // Its end is the client's; an error of it has been the query's.
    let _ = driven.await;
    answer.map(drop).map_err(Error::from)
}
