//! Servers that the harness did not start: a PostgreSQL and a Redis of somebody else's.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::running::await_that;

/// Two servers, ended and removed when dropped.
pub(crate) struct Servers {
    children: Vec<Child>,
    postgres: u16,
    redis: u16,
    _dir: TempDir,
}

impl Servers {
    pub(crate) fn start() -> Self {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() {
            memory
        } else {
            Path::new("/tmp")
        };
        let dir = tempfile::Builder::new()
            .prefix("others-")
            .tempdir_in(place)
            .unwrap();
        open(dir.path());
        let (postgres, redis) = (free_port(), free_port());
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let user = nobody_special();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&data, Some(uid), Some(gid)).unwrap();
        }
        let run = |program: &str| {
            let mut command = Command::new(postgres_program(program));
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
                .current_dir("/")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        let made = run("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--pgdata",
            ])
            .arg(&data)
            .status()
            .unwrap();
        assert!(made.success(), "initdb");
        let server = run("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-p", &postgres.to_string(), "-h", "127.0.0.1", "-k", ""])
            .args([
                "-c",
                "fsync=off",
                "-c",
                "max_prepared_transactions=16",
                "-c",
                "max_connections=60",
            ])
            .spawn()
            .unwrap();
        let cache = Command::new("redis-server")
            .args([
                "--port",
                &redis.to_string(),
                "--save",
                "",
                "--bind",
                "127.0.0.1",
            ])
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let servers = Self {
            children: vec![server, cache],
            postgres,
            redis,
            _dir: dir,
        };
        let answer = || servers.try_query("SELECT 1").is_ok() && servers.try_keys().is_ok();
        assert!(
            await_that(Duration::from_secs(30), answer),
            "the servers never answered"
        );
        servers
    }

    pub(crate) fn variables(&self) -> [(&'static str, String); 2] {
        [
            (
                "SUBJECT_POSTGRES",
                format!("postgres://postgres@127.0.0.1:{}/postgres", self.postgres),
            ),
            ("SUBJECT_REDIS", format!("redis://127.0.0.1:{}", self.redis)),
        ]
    }

    /// Whatever somebody has made on the servers.
    pub(crate) fn left(&self) -> Vec<String> {
        const MADE: &str = "SELECT 'database ' || datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')
            UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname <> 'postgres' AND rolname NOT LIKE 'pg\\_%'
            UNION ALL SELECT 'prepared ' || gid FROM pg_prepared_xacts";
        let mut left = self.try_query(MADE).unwrap();
        left.extend(self.try_keys().unwrap());
        left
    }

    fn try_query(&self, query: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let url = &self.variables()[0].1;
        runtime().block_on(async {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let rows = client.simple_query(query).await?;
            let first = |message: &tokio_postgres::SimpleQueryMessage| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            };
            Ok(rows.iter().filter_map(first).collect())
        })
    }

    fn try_keys(&self) -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let url = self.variables()[1].1.clone();
        runtime().block_on(async {
            let mut client = redis::Client::open(url)?
                .get_multiplexed_async_connection()
                .await?;
            let mut left: Vec<String> = redis::cmd("ACL")
                .arg("USERS")
                .query_async(&mut client)
                .await?;
            left.retain(|user| user != "default");
            let keys: String = redis::cmd("INFO")
                .arg("keyspace")
                .query_async(&mut client)
                .await?;
            left.extend(
                keys.lines()
                    .filter(|l| l.starts_with("db"))
                    .map(str::to_owned),
            );
            Ok(left)
        })
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            super::signal(child.id(), "QUIT");
            super::signal(child.id(), "TERM");
            let _ = child.wait();
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn open(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o711)).unwrap();
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// PostgreSQL refuses to run as root: the ids of a user that is not, when this is root.
fn nobody_special() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let known = std::fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let line = known.lines().find(|l| l.split(':').next() == Some(name))?;
        let fields: Vec<&str> = line.split(':').collect();
        Some((fields[2].parse().unwrap(), fields[3].parse().unwrap()))
    };
    ids("postgres").or_else(|| ids("nobody"))
}

fn postgres_program(name: &str) -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql");
    let mut found: Vec<PathBuf> = debian
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}
