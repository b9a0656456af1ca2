//! Every dependency may be used under a permissive licence.
#![allow(missing_docs)]

use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than attribution.
const PERMISSIVE: [&str; 12] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "BSL-1.0",
];

/// Whether an SPDX expression (or the older `A/B`) leaves a permissive choice.
fn is_permissive(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    let allowed = |name: &str| PERMISSIVE.contains(&name.trim());
    // `AND` binds tighter than `OR`; parentheses in expressions that occur only group choices.
    if expression.contains(") AND") || expression.contains("AND (") {
        return plain
            .split(" AND ")
            .all(|part| part.split(" OR ").any(allowed));
    }
    plain
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(allowed))
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    assert!(is_permissive("MIT OR GPL-3.0"));
    assert!(is_permissive("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_permissive("MIT/Apache-2.0"));
    assert!(!is_permissive("GPL-3.0"));
    assert!(!is_permissive("MIT AND GPL-3.0"));
    assert!(!is_permissive("(MIT OR Apache-2.0) AND MPL-2.0"));
}

#[test]
fn every_dependency_is_permissive() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--all-features",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("metadata lists packages");
    assert!(packages.len() > 50, "the list of packages is not whole");
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(
            is_permissive(licence),
            "{} {} is under {licence}",
            package["name"],
            package["version"]
        );
    }
}
