//! `cargo phasegate init` in packages of all kinds. Nothing is built here, but once.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = r#"# Ours
[package]
name = "api"   # the name
version = "0.1.0"
edition = "2024"

[dev-dependencies]
anyhow = "1"
zeroize = "1" # last

[profile.dev]
debug = 1
"#;

struct Place {
    dir: tempfile::TempDir,
}

struct Done {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Done {
    fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    fn complains(&self, text: &str) {
        self.ends(2);
        assert!(self.stderr.contains(text), "no `{text}` in {}", self.stderr);
    }
}

impl Place {
    fn new(manifest: &str) -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        place.write("Cargo.toml", manifest);
        place.write("src/lib.rs", "");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn init(&self, args: &[&str]) -> Done {
        self.plugin(&[&["init"], args].concat())
    }

    fn plugin(&self, args: &[&str]) -> Done {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-phasegate"))
            .arg("phasegate")
            .args(args)
            .current_dir(self.dir.path())
            .env_remove("CARGO_TARGET_DIR")
            .output()
            .unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file, so that a change anywhere is seen.
    fn all(&self) -> Vec<(PathBuf, String)> {
        fn walk(dir: &Path, all: &mut Vec<(PathBuf, String)>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, all);
                } else {
                    all.push((path.clone(), fs::read_to_string(path).unwrap()));
                }
            }
        }
        let mut all = Vec::new();
        walk(self.dir.path(), &mut all);
        all.sort();
        all
    }

    fn refuses(&self, args: &[&str], text: &str) {
        let before = self.all();
        self.init(args).complains(text);
        assert_eq!(self.all(), before, "a refusal changed something");
    }
}

#[test]
fn a_package_gets_what_it_lacks_and_keeps_the_rest() {
    let place = Place::new(MANIFEST);
    let done = place.init(&[]);
    done.ends(0);
    assert!(
        done.stdout
            .ends_with("next: cargo phasegate run -p api --test integration\n")
    );
    let version = env!("CARGO_PKG_VERSION");
    let expected = MANIFEST.replace("zeroize", &format!("phasegate = \"{version}\"\nzeroize"))
        + "\n[[test]]\nname = \"integration\"\nharness = false\n";
    assert_eq!(place.read("Cargo.toml"), expected);
    assert!(
        place
            .read("tests/integration.rs")
            .contains("phasegate::main!();")
    );
    assert!(place.read("phasegate.toml").contains("name = \"api\""));
    let before = place.all();
    let again = place.init(&["--message-format", "json"]);
    let message: serde_json::Value = serde_json::from_str(&again.ends(0).stdout).unwrap();
    assert_eq!(message["changes"], 0);
    assert_eq!(place.all(), before);
    place.init(&["--name", "contract"]).ends(0);
    assert_eq!(place.read("Cargo.toml").matches("[[test]]").count(), 2);
    assert!(
        place
            .read("tests/contract.rs")
            .contains("#[phasegate::test]")
    );
}

#[test]
fn a_dry_run_says_what_a_run_does_and_does_nothing() {
    let place = Place::new(MANIFEST);
    let before = place.all();
    let dry = place
        .init(&["--dry-run"])
        .ends(0)
        .stdout
        .replace("would ", "");
    assert_eq!(place.all(), before);
    assert_eq!(place.init(&[]).ends(0).stdout, dry);
    assert_eq!(dry.lines().count(), 5, "{dry}");
}

#[test]
fn a_member_inherits_from_its_workspace() {
    let root = "[workspace]\nmembers = [\"api\"]\nresolver = \"3\"\n\n[workspace.dependencies]\nphasegate = \"0.1\"\n";
    let place = Place::new(root);
    place.write(
        "api/Cargo.toml",
        "[package]\nname = \"api\"\nversion = \"0.1.0\"\n",
    );
    place.write("api/src/lib.rs", "");
    place.refuses(&[], "name a package with -p: api");
    place.refuses(
        &["-p", "apu"],
        "no package apu in the workspace; it has api",
    );
    place.init(&["-p", "api"]).ends(0);
    assert_eq!(place.read("Cargo.toml"), root);
    let manifest = place.read("api/Cargo.toml");
    assert!(
        manifest.contains("phasegate = { workspace = true }"),
        "{manifest}"
    );
    assert!(place.path("phasegate.toml").exists());
    assert!(place.path("api/tests/integration.rs").exists());
    assert!(
        place
            .init(&["--path", "api"])
            .ends(0)
            .stdout
            .starts_with("nothing to do")
    );
}

#[test]
fn what_is_not_understood_stays_as_it_is() {
    let with = |more: &str| Place::new(&format!("{MANIFEST}\n{more}\n"));
    let standard = with("[[test]]\nname = \"integration\"\n");
    standard.write("tests/integration.rs", "");
    standard.refuses(&[], "has the standard harness");
    let elsewhere =
        with("[[test]]\nname = \"integration\"\nharness = false\npath = \"it/main.rs\"");
    elsewhere.write("it/main.rs", "fn main() {}");
    elsewhere.refuses(&[], "has the file it/main.rs");
    let taken =
        with("[[test]]\nname = \"other\"\nharness = false\npath = \"tests/integration.rs\"");
    taken.write("tests/integration.rs", "phasegate::main!();");
    taken.refuses(&[], "another `[[test]]` has the file");
    let found = Place::new(MANIFEST);
    found.write("tests/integration.rs", "#[test] fn x() {}");
    found.refuses(&[], "is there and is no phasegate binary");
    let directory = Place::new(MANIFEST);
    directory.write("tests/integration/main.rs", "#[test] fn x() {}");
    directory.refuses(&[], "tests/integration/main.rs; choose another --name");
    let renamed = with("[dependencies]\npg = { package = \"phasegate\", version = \"0.1\" }");
    renamed.refuses(&[], "under the name `pg`");
    Place::new("[package\n").refuses(&[], "cargo does not understand");
    Place::new(MANIFEST).refuses(&["--name", "../x"], "a test target has a name");
}

#[test]
#[ignore = "builds the harness anew: a minute or more"]
fn the_result_builds_and_goes() {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness");
    let dependency = format!("phasegate = {{ path = {harness:?} }}");
    let place =
        Place::new(&MANIFEST.replace("anyhow = \"1\"\nzeroize = \"1\" # last", &dependency));
    place.init(&[]).ends(0);
    let done = place.plugin(&["run"]);
    done.ends(0);
    assert!(done.stdout.contains("100 % (1/1)"), "{}", done.stdout);
}
