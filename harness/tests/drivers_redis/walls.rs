//! What a test tries in order to reach another.

use phasegate::Redis;
use phasegate::services::Running;

use super::support::{Up, ask, connect, tell};

/// What reaches beyond the database, or shows what is there.
const FORBIDDEN: &[&str] = &[
    "SELECT 0",
    "SELECT {other}",
    "SELECT 0{own}",
    "SWAPDB {own} {other}",
    "MOVE mine {other}",
    "COPY mine stolen DB {other}",
    "COPY mine stolen DB {other} REPLACE",
    "FLUSHALL",
    "FLUSHALL ASYNC",
    "CONFIG GET *",
    "CONFIG SET maxmemory 1mb",
    "CONFIG RESETSTAT",
    "CONFIG REWRITE",
    "ACL LIST",
    "ACL USERS",
    "ACL GETUSER phasegate",
    "ACL SETUSER default on nopass ~* &* +@all",
    "ACL DELUSER phasegate",
    "ACL LOG",
    "ACL SAVE",
    "ACL LOAD",
    "MONITOR",
    "SLOWLOG GET",
    "SLOWLOG RESET",
    "LATENCY RESET",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "CLIENT PAUSE 1000",
    "CLIENT UNPAUSE",
    "CLIENT UNBLOCK 1",
    "CLIENT NO-EVICT on",
    "CLIENT TRACKING ON BCAST",
    "SUBSCRIBE news",
    "PSUBSCRIBE *",
    "SSUBSCRIBE news",
    "PUBLISH news 1",
    "SPUBLISH news 1",
    "PUBSUB CHANNELS",
    "FUNCTION LIST",
    "FUNCTION FLUSH",
    "FUNCTION KILL",
    "FUNCTION STATS",
    "FCALL f 0",
    "FCALL_RO f 0",
    "SCRIPT FLUSH",
    "SCRIPT KILL",
    "SCRIPT DEBUG YES",
    "SHUTDOWN NOSAVE",
    "SAVE",
    "BGSAVE",
    "BGREWRITEAOF",
    "REPLICAOF 127.0.0.1 1",
    "SLAVEOF NO ONE",
    "PSYNC ? -1",
    "SYNC",
    "REPLCONF ack 1",
    "FAILOVER",
    "ROLE",
    "MIGRATE 127.0.0.1 1 mine {other} 100",
    "DEBUG SLEEP 0",
    "MODULE LIST",
    "MODULE LOAD /tmp/x.so",
    "CLUSTER RESET",
    "PFDEBUG GETREG mine",
    "RESTORE-ASKING mine 0 x",
];

/// What an application does within its database.
const ALLOWED: &[&str] = &[
    "SELECT {own}",
    "SET a 1 EX 100",
    "GETEX a PERSIST",
    "INCR a",
    "RENAME a b",
    "OBJECT ENCODING b",
    "TYPE b",
    "KEYS *",
    "SCAN 0",
    "RANDOMKEY",
    "DBSIZE",
    "HSET h f v",
    "LPUSH l 3 1 2",
    "SORT l",
    "SORT_RO l",
    "XADD s * f v",
    "XGROUP CREATE s g 0",
    "ZADD z 1 m",
    "PFADD p 1",
    "GEOADD g 13 38 x",
    "SETBIT bits 7 1",
    "EXPIRE h 100",
    "WATCH b",
    "UNWATCH",
    "INFO",
    "TIME",
    "WAIT 0 0",
    "MEMORY USAGE b",
    "COMMAND COUNT",
    "CLIENT ID",
    "CLIENT INFO",
    "CLIENT SETNAME app",
    "CLIENT GETNAME",
    "ACL WHOAMI",
    "SCRIPT EXISTS 0000000000000000000000000000000000000000",
    "EVAL return(1) 0",
    "HELLO 3",
    "FLUSHDB",
    "FLUSHDB ASYNC",
];

#[tokio::test]
async fn nothing_reaches_beyond_the_database() {
    let up = Up::of(Redis::local()).await;
    let (one, ours) = up.lease("one").await;
    let (two, theirs) = up.lease("two").await;
    let mut other = theirs.client().await.expect("a client");
    tell::<()>(&mut other, "SET secret 1").await;
    let mut client = ours.client().await.expect("a client");
    tell::<()>(&mut client, "SET mine 1").await;
    let of = |words: &str| {
        words
            .replace("{own}", &ours.database().to_string())
            .replace("{other}", &theirs.database().to_string())
    };
    for words in FORBIDDEN {
        match ask::<redis::Value>(&mut client, &of(words)).await {
            Ok(answer) => panic!("{words} was answered with {answer:?}"),
            Err(error) if error.code() == Some("NOPERM") => {}
            // Some are refused to everybody, before anyone looks at rights.
            Err(error) => assert!(
                error.to_string().contains("not allowed"),
                "{words}: {error}"
            ),
        }
    }
    // The same from within a script and a transaction.
    for call in [
        format!("return redis.call('SELECT', {})", theirs.database()),
        "return redis.call('FLUSHALL')".to_owned(),
        format!("return redis.call('MOVE', 'mine', {})", theirs.database()),
        "return redis.call('PUBLISH', 'news', '1')".to_owned(),
        "return redis.call('CONFIG', 'GET', '*')".to_owned(),
    ] {
        let mut command = redis::cmd("EVAL");
        command.arg(&call).arg(0);
        let answer = command.query_async::<redis::Value>(&mut client).await;
        let error = answer.expect_err(&call).to_string();
        let refused = ["can't run this command", "not allowed from script"];
        assert!(refused.iter().any(|r| error.contains(r)), "{call}: {error}");
    }
    let moved = redis::pipe()
        .atomic()
        .cmd("SELECT")
        .arg(theirs.database())
        .cmd("GET")
        .arg("secret")
        .query_async::<redis::Value>(&mut client)
        .await;
    assert!(moved.is_err(), "{moved:?}");
    assert_eq!(tell::<u32>(&mut client, "GET mine").await, 1);
    assert_eq!(tell::<u32>(&mut other, "GET secret").await, 1);
    assert_eq!(tell::<u64>(&mut other, "DBSIZE").await, 1);
    up.reclaim(&one).await;
    up.reclaim(&two).await;
    up.down().await;
}

#[tokio::test]
async fn what_stays_in_the_database_is_allowed() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let mut client = keyspace.client().await.expect("a client");
    for words in ALLOWED {
        let words = words.replace("{own}", &keyspace.database().to_string());
        tell::<redis::Value>(&mut client, &words).await;
    }
    let mut load = redis::cmd("SCRIPT");
    load.arg("LOAD")
        .arg("return redis.call('SET', KEYS[1], ARGV[1])");
    let digest: String = load.query_async(&mut client).await.expect("scripts load");
    tell::<()>(&mut client, &format!("EVALSHA {digest} 1 by-script 7")).await;
    assert_eq!(tell::<u32>(&mut client, "GET by-script").await, 7);
    redis::pipe()
        .atomic()
        .cmd("INCR")
        .arg("n")
        .query_async::<()>(&mut client)
        .await
        .expect("transactions run");
    up.reclaim(&share).await;
    up.down().await;
}

#[tokio::test]
async fn keys_in_nobodys_database_are_found_and_told() {
    let up = Up::of(Redis::local()).await;
    let (share, keyspace) = up.lease("one").await;
    let url = keyspace.url();
    let without = url.rsplit_once('/').expect("a path").0;
    let mut stray = connect(without).await.expect("a client");
    tell::<()>(&mut stray, "SET lost 1").await;
    let error = up.running.reclaim(&share).await.expect_err("a stray key");
    let said = error.to_string();
    assert!(said.contains("1 keys were in database 0 (lost)"), "{said}");
    // It is gone, and so is the lease.
    up.reclaim(&share).await;
    let (share, _) = up.lease("two").await;
    up.reclaim(&share).await;
    up.down().await;
}
