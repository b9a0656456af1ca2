//! Whoever is killed at whichever entry of the journal, with real servers of ours and of others:
//! no process, directory, database, role, prepared transaction, Redis user or key stays.

use crate::support::{Project, Ran, Servers};

/// No journal of these runs has as many entries.
const MANY: usize = 400;

fn killed(project: &Project, servers: &Servers, whom: &str, entry: usize) -> Ran {
    let at = format!("{whom}:{entry}");
    let [postgres, redis] = servers.variables();
    let variables = [
        (postgres.0, postgres.1.as_str()),
        (redis.0, redis.1.as_str()),
        ("PHASEGATE_KILL_AT", &at),
    ];
    project.run_with(&variables, &["--test-threads", "2"])
}

fn assert_nothing_left(project: &Project, servers: &Servers, entry: usize) {
    project.assert_no_service_left();
    assert_eq!(servers.left(), Vec::<String>::new(), "after entry {entry}");
}

#[test]
fn the_death_of_the_harness_leaves_nothing_on_any_server() {
    let servers = Servers::start();
    for entry in 1..MANY {
        let project = Project::of("real");
        let ran = killed(&project, &servers, "harness", entry);
        assert_nothing_left(&project, &servers, entry);
        if ran.code >= 0 {
            assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
            assert!(entry > 40, "the walk ended after {entry} entries");
            return;
        }
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_supervisor_leaves_nothing_on_any_server() {
    let servers = Servers::start();
    for entry in 1..MANY {
        let project = Project::of("real");
        let ran = killed(&project, &servers, "supervisor", entry).exits(0);
        assert_nothing_left(&project, &servers, entry);
        if !ran
            .stderr
            .contains("the supervisor of the services was lost")
        {
            assert!(entry > 40, "the walk ended after {entry} entries");
            return;
        }
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_fork_server_leaves_nothing_on_any_server() {
    let servers = Servers::start();
    for entry in (1..MANY).step_by(7) {
        let project = Project::of("real");
        let ran = killed(&project, &servers, "fork-server", entry);
        assert!(ran.code >= 0, "{}{}", ran.stdout, ran.stderr);
        assert_nothing_left(&project, &servers, entry);
        if entry > 60 {
            return;
        }
    }
}
