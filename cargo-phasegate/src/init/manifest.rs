//! What a `Cargo.toml` lacks.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, value};

use super::package::Package;
use crate::error::CliError;

/// Why a package is left as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Misunderstood {
    #[error("cargo does not understand what is there: {why}")]
    Cargo { why: String },
    #[error("no package {name} in the workspace; it has {known}")]
    NoPackage { name: String, known: String },
    #[error("{} is a workspace without a package of its own; name a package with -p: {known}", manifest.display())]
    Virtual { manifest: PathBuf, known: String },
    #[error("{} cannot be read as TOML: {why}", manifest.display())]
    Toml { manifest: PathBuf, why: String },
    #[error("{}: {what}", manifest.display())]
    Manifest { manifest: PathBuf, what: String },
    #[error("{} is there and is no phasegate binary: it has no `phasegate::main!()`; choose another --name, or add the call and move its tests to `#[phasegate::test]`", path.display())]
    ForeignFile { path: PathBuf },
}

/// A manifest as it is to be, and in which ways it differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) text: String,
    pub(super) changes: Vec<String>,
}

/// Reads the manifest of a package and says what it lacks.
pub(super) fn edit(package: &Package, name: &str) -> Result<Edit, CliError> {
    let document = read(&package.manifest)?;
    let inherited = package.workspace.join("Cargo.toml");
    let root = if inherited == package.manifest {
        document.clone()
    } else {
        read(&inherited)?
    };
    let workspace = root.get("workspace").and_then(|w| w.get("dependencies"));
    let inherits = workspace.and_then(|d| d.get("phasegate")).is_some();
    let edit = complete(document, name, inherits, package.dir_has_main(name));
    edit.map_err(|what| {
        let manifest = package.manifest.clone();
        Misunderstood::Manifest { manifest, what }.into()
    })
}

impl Package {
    /// Whether Cargo finds the root file of this test target in a directory of its own.
    fn dir_has_main(&self, name: &str) -> bool {
        self.dir.join("tests").join(name).join("main.rs").exists()
    }
}

fn read(path: &Path) -> Result<DocumentMut, CliError> {
    let text = fs::read_to_string(path).map_err(|cause| CliError::Io {
        path: path.to_owned(),
        cause,
    })?;
    text.parse().map_err(|error: toml_edit::TomlError| {
        let (manifest, why) = (path.to_owned(), error.to_string());
        Misunderstood::Toml { manifest, why }.into()
    })
}

/// The document with dependency and target; an error says what is not understood.
fn complete(
    mut document: DocumentMut,
    name: &str,
    inherits: bool,
    dir_has_main: bool,
) -> Result<Edit, String> {
    let mut changes = Vec::new();
    if lacks_dependency(&document)? {
        changes.push(add_dependency(&mut document, inherits)?);
    }
    if lacks_target(&document, name)? {
        if dir_has_main {
            return Err(format!(
                "the target `{name}` has its root file in tests/{name}/main.rs; choose another --name"
            ));
        }
        changes.push(add_target(&mut document, name)?);
    }
    Ok(Edit {
        text: document.to_string(),
        changes,
    })
}

fn lacks_dependency(document: &DocumentMut) -> Result<bool, String> {
    for section in ["dependencies", "dev-dependencies", "dev_dependencies"] {
        let Some(item) = document.get(section) else {
            continue;
        };
        let Some(table) = item.as_table_like() else {
            return Err(format!("`{section}` is no table; make it one"));
        };
        if table.contains_key("phasegate") {
            return Ok(false);
        }
        for (key, dependency) in table.iter() {
            let package = dependency.get("package").and_then(Item::as_str);
            if package == Some("phasegate") {
                return Err(format!(
                    "phasegate is there under the name `{key}`, and its attributes need its own; rename the dependency"
                ));
            }
        }
    }
    if document.contains_key("dev_dependencies") {
        return Err(
            "`dev_dependencies` is an old spelling; rename it to `dev-dependencies`".to_owned(),
        );
    }
    Ok(true)
}

fn add_dependency(document: &mut DocumentMut, inherits: bool) -> Result<String, String> {
    let section = "dev-dependencies";
    let table = document
        .entry(section)
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = table.as_table_like_mut() else {
        return Err(format!("`{section}` is no table; make it one"));
    };
    let version = env!("CARGO_PKG_VERSION");
    let (dependency, shown) = if inherits {
        let mut inherited = InlineTable::new();
        inherited.insert("workspace", true.into());
        (value(inherited), "{ workspace = true }".to_owned())
    } else {
        (value(version), format!("\"{version}\""))
    };
    let was_sorted = is_sorted(table);
    table.insert("phasegate", dependency);
    if was_sorted {
        table.sort_values();
    }
    Ok(format!("add phasegate = {shown} to [{section}]"))
}

fn is_sorted(table: &dyn TableLike) -> bool {
    table.iter().map(|(key, _)| key).is_sorted()
}

/// Whether no section declares the target; a section that declares it otherwise is an error.
fn lacks_target(document: &DocumentMut, name: &str) -> Result<bool, String> {
    let Some(item) = document.get("test") else {
        return Ok(true);
    };
    let Some(sections) = item.as_array_of_tables() else {
        return Err("its tests are no `[[test]]` sections; write them as sections".to_owned());
    };
    let file = format!("tests/{name}.rs");
    for section in sections {
        let path = section.get("path").and_then(Item::as_str);
        if section.get("name").and_then(Item::as_str) != Some(name) {
            if path == Some(&file) {
                return Err(format!(
                    "another `[[test]]` has the file {file}; choose another --name"
                ));
            }
            continue;
        }
        if let Some(other) = path.filter(|path| *path != file) {
            return Err(format!(
                "its `[[test]]` named `{name}` has the file {other}; choose another --name"
            ));
        }
        if section.get("harness").and_then(Item::as_bool) != Some(false) {
            return Err(format!(
                "its `[[test]]` named `{name}` has the standard harness; choose another --name, or set `harness = false` and move its tests to `#[phasegate::test]`"
            ));
        }
        return Ok(false);
    }
    Ok(true)
}

fn add_target(document: &mut DocumentMut, name: &str) -> Result<String, String> {
    let mut section = Table::new();
    section.insert("name", value(name));
    section.insert("harness", value(false));
    section.decor_mut().set_prefix("\n");
    let sections = document
        .entry("test")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(sections) = sections.as_array_of_tables_mut() else {
        return Err("its tests are no `[[test]]` sections; write them as sections".to_owned());
    };
    sections.push(section);
    Ok(format!("add [[test]] {name} with harness = false"))
}
