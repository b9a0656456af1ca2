//! The published schema is in step with the types, and written lines fit it.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::write_sealed;

fn published() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/record-v1.schema.json")
}

fn derived() -> Value {
    serde_json::to_value(phasegate_record::schema::of_line()).unwrap()
}

#[test]
fn the_published_schema_is_in_step() {
    let text = serde_json::to_string_pretty(&derived()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(published(), &text).unwrap();
    }
    assert!(
        fs::read_to_string(published()).is_ok_and(|published| published == text),
        "{} is out of step with the event types.\n\
         A change that old readers cannot take needs a new SCHEMA_VERSION and a new file; \
         otherwise rewrite it with\n\n    \
         UPDATE_SCHEMA=1 cargo test -p phasegate-record --features schema --test schema\n",
        published().display()
    );
}

#[test]
fn written_lines_fit_the_schema() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.ndjson");
    write_sealed(&path);
    let schema = derived();
    for line in fs::read_to_string(&path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        fits(&schema, &schema, &line).unwrap_or_else(|why| panic!("{why}\n{line}"));
        for broken in [
            line.to_string().replace("\"prev\":", "\"previous\":"),
            line.to_string().replace("\"type\":\"", "\"type\":\"un"),
            line.to_string().replace("\"seq\":", "\"seq\":-1"),
        ] {
            let broken: Value = serde_json::from_str(&broken).unwrap();
            assert!(fits(&schema, &schema, &broken).is_err(), "{broken}");
        }
    }
}

/// Checks `value` against `schema` by the keywords that the derived schema uses. A keyword that is
/// not known here fails, so that nothing passes unchecked.
fn fits(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let Value::Object(keywords) = schema else {
        return if *schema == Value::Bool(true) {
            Ok(())
        } else {
            Err("refused".to_owned())
        };
    };
    for (keyword, rule) in keywords {
        let fine = match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                fits(root, root.pointer(pointer).unwrap(), value)?;
                true
            }
            "oneOf" => alternatives(root, rule, value) == 1,
            "anyOf" => alternatives(root, rule, value) >= 1,
            "type" => match rule {
                Value::Array(names) => names.iter().any(|name| is_a(name, value)),
                name => is_a(name, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "required" => {
                let names = rule.as_array().unwrap();
                value
                    .as_object()
                    .is_none_or(|o| names.iter().all(|n| o.contains_key(n.as_str().unwrap())))
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        fits(root, rule, value).map_err(|why| format!("{name}: {why}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &str| schema.pointer(&format!("/properties/{name}")).is_some();
                let rest = value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| !known(name));
                for (name, value) in rest {
                    fits(root, rule, value).map_err(|why| format!("{name}: {why}"))?;
                }
                true
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    fits(root, rule, item)?;
                }
                true
            }
            "minimum" => value.as_i64().is_none_or(|n| n >= rule.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|n| n <= rule.as_i64().unwrap()),
            "pattern" => {
                let regex = regex_lite::Regex::new(rule.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|text| regex.is_match(text))
            }
            "$schema"
            | "$defs"
            | "title"
            | "description"
            | "format"
            | "default"
            | "x-phasegate-record-version" => true,
            other => panic!("teach this test the keyword `{other}`"),
        };
        if !fine {
            return Err(format!("`{keyword}: {rule}` refuses {value}"));
        }
    }
    Ok(())
}

fn alternatives(root: &Value, rules: &Value, value: &Value) -> usize {
    rules
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| fits(root, rule, value).is_ok())
        .count()
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("teach this test the type `{other}`"),
    }
}
