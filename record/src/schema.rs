//! The JSON Schema of a line, derived from the types that write it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::event::{Event, SCHEMA_VERSION};

/// One line of a phasegate record.
#[derive(JsonSchema)]
#[schemars(title = "phasegate record line")]
#[allow(dead_code)]
struct RecordLine {
    /// The number of lines before this one in the file.
    seq: u64,
    /// SHA-256 of the bytes of the line before this one, its newline not included; 64 zeros in the
    /// first line.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    prev: String,
    /// What the line says.
    event: Event,
}

/// The JSON Schema (draft 2020-12) of one line, as published under `schema/`.
#[must_use]
pub fn of_line() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<RecordLine>();
    schema.insert(
        "x-phasegate-record-version".to_owned(),
        SCHEMA_VERSION.into(),
    );
    schema
}
