//! A server of our own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio_postgres::Config;
use url::Url;

use super::binaries::{Binaries, Choice};
use super::cluster::{self, ADMIN};
use super::lane::{self, Lane};
use super::secret::{self, Secret};
use super::site::Ground;
use super::sql::{cannot, ident, literal};
use crate::services::{Host, Process, Program, User};
use crate::terms::{Error, Result};

/// Longest path of a socket that every Unix takes, and what the server adds to its directory.
const SOCKET_PATH: usize = 100;
const SOCKET_NAME: usize = "/.s.PGSQL.65535.lock".len();

/// How long a server may take to end in good order, and then at once.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(3));

/// A running server of our own.
pub(super) struct Local {
    process: Process,
    /// The superuser's way in.
    admin: Config,
    port: u16,
}

/// Settings for data that nobody will miss, in the order in which later ones win.
fn settings(connections: usize) -> Vec<(&'static str, String)> {
    let fixed = [
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_permissions", "0777"),
        // Nothing has to survive a crash of the machine.
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("wal_init_zero", "off"),
        ("max_wal_size", "1GB"),
        ("checkpoint_timeout", "1h"),
        // It holds databases that are to be cloned; the template is analysed once instead.
        ("autovacuum", "off"),
        ("max_prepared_transactions", "64"),
        // Below the data directory, so that it goes with it however the server ends.
        ("dynamic_shared_memory_type", "mmap"),
        ("superuser_reserved_connections", "1"),
        ("password_encryption", "scram-sha-256"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("logging_collector", "off"),
    ];
    let mut settings: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
    settings.push(("max_connections", connections.to_string()));
    settings
}

impl Local {
    /// Starts a server and returns once it answers over TCP to nobody without a password.
    pub(super) async fn start(
        host: &Host,
        choice: &Choice,
        connections: usize,
        more: &[(String, String)],
    ) -> Result<Self> {
        let binaries = choice.find(host).await?;
        let user = User::unprivileged(&["postgres"])?;
        let data = host.dir().join("data");
        // A server that died has left its directory.
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        cluster::create(host, &binaries, user.as_ref(), &data).await?;
        let sockets = sockets(host, user.as_ref())?;
        let access = host.dir().join("pg_hba.conf");
        admit(&access, "local all all trust\n")?;

        let (port, held) = reserve()?;
        let mut program = program(&binaries, &data, user)
            .arg("-c")
            .arg(format!("port={port}"))
            .arg("-c")
            .arg(format!("hba_file={}", access.display()))
            .arg("-c")
            .arg(format!("unix_socket_directories={}", sockets.display()));
        for (name, value) in settings(connections) {
            program = program.arg("-c").arg(format!("{name}={value}"));
        }
        for (name, value) in more {
            program = program.arg("-c").arg(format!("{name}={value}"));
        }
        let secret = Secret::new()?;
        let mut admin = Config::new();
        admin
            .host_path(&sockets)
            .port(port)
            .user(ADMIN)
            .password(&secret.password)
            .dbname("postgres");
        let first = Lane::new(&admin);
        let process = host
            .step("start", async {
                // Elsewhere a bound socket, even one that does not listen, keeps the server out.
                let held = cfg!(target_os = "linux").then_some(held);
                let process = host.start(&program)?;
                host.ready("`SELECT 1`", || async {
                    let answer = first.run("SELECT 1").await;
                    answer.map_err(cannot("ask the server"))
                })
                .await?;
                drop(held);
                Ok(process)
            })
            .await?;
        host.step("probe", close_doors(host, &first, &access, &secret, port))
            .await?;
        Ok(Self {
            process,
            admin,
            port,
        })
    }

    /// What can be built on.
    pub(super) fn ground(&self) -> Result<Ground> {
        Ok(Ground {
            admin: self.admin.clone(),
            address: Url::parse(&format!("postgres://127.0.0.1:{}", self.port))?,
            foreign: None,
        })
    }

    /// Ends the server in good order, or at once, or by force.
    pub(super) async fn stop(&self) -> Result {
        self.process.expect_end();
        self.process.signal(libc::SIGINT);
        let ended = tokio::time::timeout(PATIENCE.0, self.process.ended()).await;
        match ended {
            Ok(_) => Ok(()),
            Err(_) => self.process.stop(libc::SIGQUIT, PATIENCE.1).await,
        }
    }
}

fn program(binaries: &Binaries, data: &Path, user: Option<User>) -> Program {
    Program::new(&binaries.postgres)
        .arg("-D")
        .arg(data)
        .dir(data)
        .user(user)
        // At once, but with its shared memory given back.
        .death_signal(libc::SIGQUIT)
}

/// A directory for sockets with a short path.
fn sockets(host: &Host, user: Option<&User>) -> Result<PathBuf> {
    let usual = host.dir().join("socket");
    let fits = usual.as_os_str().len() + SOCKET_NAME <= SOCKET_PATH;
    let dir = if fits {
        usual
    } else {
        let dir = std::env::temp_dir().join(format!("pgs-{}", secret::token::<6>()?));
        // Removed with what else the journal announces: it is empty once the server has ended.
        host.intend_path(&dir)?;
        dir
    };
    if !dir.exists() {
        crate::services::supervisor::open_directory(&dir)?;
    }
    if let Some(user) = user {
        user.own(&dir)?;
    }
    Ok(dir)
}

/// A free port, and what keeps it from others until the server has taken it: two sockets may be
/// bound to one address as long as both allow it and neither listens.
fn reserve() -> Result<(u16, TcpSocket)> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    Ok((socket.local_addr()?.port(), socket))
}

/// Writes who may connect; all at once, as the server may be reading.
fn admit(path: &Path, lines: &str) -> Result {
    let write = || -> std::io::Result<()> {
        let new = path.with_extension("new");
        std::fs::write(&new, lines)?;
        // Read by the server's user. There is no secret in it.
        std::fs::set_permissions(&new, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        std::fs::rename(&new, path)
    };
    write().map_err(|error| {
        Error::from(error).context(format_args!("cannot write {}", path.display()))
    })
}

/// From here on everybody needs a password, and databases that belong to nobody are closed.
async fn close_doors(
    host: &Host,
    first: &Lane,
    access: &Path,
    secret: &Secret,
    port: u16,
) -> Result {
    admit(
        access,
        "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n",
    )?;
    let closing = format!(
        "ALTER ROLE {} PASSWORD {}; REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC; SELECT pg_reload_conf()",
        ident(ADMIN),
        literal(&secret.verifier)
    );
    first
        .run(&closing)
        .await
        .map_err(cannot("set the superuser's password"))?;
    // The server reads the file when it gets to it.
    let mut config = Config::new();
    config
        .host("127.0.0.1")
        .port(port)
        .user(ADMIN)
        .password(&secret.password)
        .dbname("postgres");
    host.ready(format!("connect to 127.0.0.1:{port}"), || async {
        let client = lane::connect(&config).await;
        client.map(drop).map_err(cannot("connect"))
    })
    .await
}
