//! Whoever is killed at whichever entry of the journal, with real servers of ours and of others:
//! no process, directory, database, role, prepared transaction, Redis user or key stays.

use crate::support::{Project, Ran, Servers};

/// No journal of these runs has as many entries.
const MANY: usize = 400;

/// One test on each server, and one that resets: with more, the same entries come again.
const TESTS: &str = "test(/::first$/) | test(resets_in_a_thread)";

fn killed(project: &Project, servers: &Servers, whom: &str, entry: usize) -> Ran {
    let mut command = project.command();
    // Where services live when nobody says otherwise: in memory, if there is room.
    command
        .env_remove("TMPDIR")
        .env("PHASEGATE_KILL_AT", format!("{whom}:{entry}"))
        .envs(servers.variables())
        .args(["-E", TESTS, "--test-threads", "2"]);
    project.finish(command)
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
            assert!(entry > 25, "the walk ended after {entry} entries");
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
            assert!(entry > 25, "the walk ended after {entry} entries");
            return;
        }
    }
    panic!("the walk never ended");
}

#[test]
fn the_death_of_the_fork_server_leaves_nothing_on_any_server() {
    let servers = Servers::start();
    // Nobody tells when it was killed last, so the walk goes on past the last entry.
    for entry in 1..=45 {
        let project = Project::of("real");
        let ran = killed(&project, &servers, "fork-server", entry);
        assert!(ran.code >= 0, "{}{}", ran.stdout, ran.stderr);
        assert_nothing_left(&project, &servers, entry);
    }
}
