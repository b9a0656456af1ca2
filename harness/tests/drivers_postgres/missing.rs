//! Without the programs.

use phasegate::Postgres;
use phasegate::services::{Service, Trial};

async fn refusal(service: Postgres) -> String {
    let trial = Trial::new("database").unwrap();
    let said = service.start(trial.host()).await.err().unwrap().to_string();
    trial.close().unwrap();
    said
}

#[tokio::test]
async fn a_missing_server_is_said_with_the_command_that_installs_it() {
    let nothing = tempfile::tempdir().unwrap();
    let said = refusal(Postgres::local().binaries(nothing.path())).await;
    assert!(said.contains("PostgreSQL is not installed"), "{said}");
    assert!(said.contains("install it with `"), "{said}");
    assert!(
        said.contains(&nothing.path().display().to_string()),
        "{said}"
    );
}

#[tokio::test]
async fn a_missing_version_is_said_with_those_that_are_there() {
    let said = refusal(Postgres::local().version(7)).await;
    assert!(said.contains("PostgreSQL 7 is not installed"), "{said}");
    assert!(said.contains("(there is "), "{said}");
}

#[tokio::test]
async fn a_missing_variable_is_named_with_what_to_write() {
    let said = refusal(Postgres::external_from_env("PHASEGATE_NO_SUCH_URL")).await;
    assert!(said.contains("PHASEGATE_NO_SUCH_URL is not set"), "{said}");
    assert!(
        said.contains("export PHASEGATE_NO_SUCH_URL=postgres://"),
        "{said}"
    );
}
