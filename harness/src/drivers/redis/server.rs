//! A server of ours: started, given a port, stopped.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use redis::{ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};

use super::admin::Admin;
use super::secret::secret;
use crate::services::journal::Intent;
use crate::services::port::Port;
use crate::services::{Host, Process, Program, User, program};
use crate::terms::{Error, Result};

/// Our own user on servers of ours.
pub(super) const ADMIN: &str = "phasegate";

/// Longest path of a socket that every system accepts, in bytes.
const SOCKET_PATH: usize = 100;

/// How long a server may take to end when asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often another port is tried when somebody else was quicker.
const PORTS: u32 = 16;

/// What kind of server is wanted.
pub(super) struct Wanted<'a> {
    /// Name of its directory and its log.
    pub(super) name: &'a str,
    /// `redis-server`, or where that lies.
    pub(super) program: &'a Path,
    pub(super) databases: u32,
    /// What the user `default` may do everything with; without one it may do nothing.
    pub(super) password: Option<&'a str>,
    /// How long it may take to start, where that is not the start of the service itself.
    pub(super) patience: Option<Duration>,
}

/// A running server.
pub(super) struct Server {
    pub(super) admin: Admin,
    pub(super) process: Process,
    port: Port,
    place: Place,
}

/// What a server has in the file system.
struct Place {
    dir: PathBuf,
    socket: PathBuf,
    /// The socket's directory, where the server's own has too long a path.
    apart: Option<(PathBuf, Intent)>,
}

/// Where `redis-server` or `valkey-server` lies.
pub(super) fn find(given: Option<&Path>) -> Result<PathBuf> {
    let usual = || {
        [
            "/usr/local/bin",
            "/opt/homebrew/bin",
            "/usr/bin",
            "/usr/sbin",
            "/snap/bin",
        ]
        .map(PathBuf::from)
    };
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    ["redis-server", "valkey-server"]
        .iter()
        .find_map(|name| program::find(name, usual()))
        .ok_or_else(missing)
}

fn missing() -> Error {
    Error::new(format_args!(
        "neither redis-server nor valkey-server is installed; install one with `{}`",
        program::install_hint("redis-server", "redis", "redis", "redis")
    ))
}

impl Server {
    /// Starts one, without persistence, for clients that know a password.
    pub(super) async fn start(host: &Host, wanted: Wanted<'_>) -> Result<Self> {
        let user = User::unprivileged(&["redis", "valkey"])?.filter(|_| is_open(host.dir()));
        let place = Place::make(host, wanted.name, user.as_ref())?;
        match begin(host, wanted, user, &place).await {
            Ok((admin, process, port)) => Ok(Self {
                admin,
                process,
                port,
                place,
            }),
            Err(error) => match place.clear() {
                Ok(()) => Err(error),
                Err(left) => Err(error.context(left)),
            },
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port.number()
    }

    /// Asks it to end, and removes what it leaves; twice does no harm.
    pub(super) async fn stop(&self) -> Result {
        self.end(libc::SIGTERM).await
    }

    /// Ends it at once. It keeps nothing that an end in good order would save, and hears of a
    /// request for one only with its next tick.
    pub(super) async fn kill(&self) -> Result {
        self.end(libc::SIGKILL).await
    }

    async fn end(&self, signal: i32) -> Result {
        self.process.stop(signal, PATIENCE).await?;
        self.place.clear()
    }
}

impl Place {
    fn make(host: &Host, name: &str, user: Option<&User>) -> Result<Self> {
        let dir = host.dir().join(name);
        private(&dir, user)?;
        let socket = dir.join("redis.sock");
        if socket.as_os_str().as_bytes().len() <= SOCKET_PATH {
            return Ok(Self {
                dir,
                socket,
                apart: None,
            });
        }
        let apart = PathBuf::from("/tmp").join(format!("phasegate-{}", &secret()?[..12]));
        let intent = host.intend_path(&apart)?;
        private(&apart, user)?;
        Ok(Self {
            dir,
            socket: apart.join("redis.sock"),
            apart: Some((apart, intent)),
        })
    }

    fn clear(&self) -> Result {
        remove(&self.dir)?;
        match &self.apart {
            Some((dir, intent)) => {
                remove(dir)?;
                intent.clone().undone()
            }
            None => Ok(()),
        }
    }
}

/// Starts a server in its place, waits for it and gives it a port.
async fn begin(
    host: &Host,
    wanted: Wanted<'_>,
    user: Option<User>,
    place: &Place,
) -> Result<(Admin, Process, Port)> {
    let password = secret()?;
    let config = configuration(&wanted, &place.socket, &password)?;
    let path = place.dir.join("redis.conf");
    write_private(&path, &config, user.as_ref())?;
    let mut program = Program::new(wanted.program)
        .arg(path.as_os_str())
        .dir(&place.dir)
        .user(user)
        .log(wanted.name);
    if wanted.patience.is_some() {
        program = program.dispensable();
    }
    let admin = Admin::new(
        ConnectionAddr::Unix(place.socket.clone())
            .into_connection_info()?
            .set_redis_settings(
                RedisConnectionInfo::default()
                    .set_username(ADMIN)
                    .set_password(&password),
            ),
    )?;
    let process = host.start(&program)?;
    let ready = match wanted.patience {
        None => host.ready("PING", || admin.ping()).await,
        Some(patience) => {
            host.ready_within(&process, patience, "PING", || admin.ping())
                .await
        }
    };
    let port = match ready {
        Ok(()) => listen(&admin).await,
        Err(error) => Err(error),
    };
    match port {
        Ok(port) => Ok((admin, process, port)),
        Err(error) => {
            process.stop(libc::SIGKILL, PATIENCE).await?;
            Err(error)
        }
    }
}

/// Gives the server a port. It is asked over its socket, so that a port that somebody else took in
/// the meantime costs one more question and not one more start.
async fn listen(admin: &Admin) -> Result<Port> {
    let mut last = None;
    for _ in 0..PORTS {
        let port = Port::free()?;
        let mut command = redis::cmd("CONFIG");
        command.arg("SET").arg("port").arg(port.number());
        match admin.ask::<()>(&command).await {
            Ok(()) => return Ok(port),
            Err(error) => last = Some(error),
        }
    }
    let error = last.map_or_else(|| Error::new("no port"), Error::from);
    Err(error.context(format_args!(
        "the server got none of {PORTS} ports that were free a moment before"
    )))
}

fn configuration(wanted: &Wanted<'_>, socket: &Path, password: &str) -> Result<String> {
    let socket = socket.to_str().ok_or_else(|| {
        Error::new(format_args!(
            "the path {} is no UTF-8, which the server's configuration must be",
            socket.display()
        ))
    })?;
    let mut text = format!(
        "bind 127.0.0.1\n\
         port 0\n\
         unixsocket {}\n\
         unixsocketperm 700\n\
         daemonize no\n\
         databases {}\n\
         save \"\"\n\
         appendonly no\n\
         hz 50\n\
         lua-time-limit 2000\n\
         user {ADMIN} on >{password} ~* &* +@all\n",
        quoted(socket),
        wanted.databases,
    );
    match wanted.password {
        Some(password) => writeln!(text, "user default on >{password} ~* &* +@all")?,
        None => writeln!(text, "user default off")?,
    }
    Ok(text)
}

/// A string as the server's configuration writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether another user can reach what lies in a directory.
fn is_open(dir: &Path) -> bool {
    dir.ancestors()
        .all(|dir| dir.metadata().is_ok_and(|m| m.mode() & 0o001 != 0))
}

/// Makes an empty directory that only the server's user can enter.
fn private(dir: &Path, user: Option<&User>) -> Result {
    remove(dir)?;
    let made = std::fs::DirBuilder::new().mode(0o700).create(dir);
    made.map_err(|error| {
        Error::from(error).context(format_args!("cannot create {}", dir.display()))
    })?;
    user.map_or(Ok(()), |user| user.own(dir))
}

fn write_private(path: &Path, text: &str, user: Option<&User>) -> Result {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| {
            Error::from(error).context(format_args!("cannot write {}", path.display()))
        })?;
    user.map_or(Ok(()), |user| user.own(path))
}

fn remove(dir: &Path) -> Result {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::from(error).context(format_args!("cannot remove {}", dir.display())))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{missing, quoted};

    #[test]
    fn a_missing_server_comes_with_the_command_that_installs_it() {
        let said = missing().to_string();
        assert!(said.contains("install one with `"), "{said}");
        assert!(
            said.ends_with("redis-server`") || said.ends_with("redis`"),
            "{said}"
        );
    }

    #[test]
    fn paths_are_quoted_for_the_configuration() {
        assert_eq!(quoted(r#"/a b/"c"\d"#), r#""/a b/\"c\"\\d""#);
    }
}
