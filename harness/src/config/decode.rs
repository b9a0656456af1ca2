//! From the text of `phasegate.toml` to [`Config`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use phasegate_record::event::Isolation;
use phasegate_record::project::{Boundary, Phase, Project};
use toml::de::DeTable;

use super::table::{ConfigError, Source, Table};
use super::{Config, criterion, locate, phases};
use crate::terms::shown;

/// Finds and reads the configuration of the package in `manifest_dir`.
pub(crate) fn load(manifest_dir: &Path) -> Result<Config, ConfigError> {
    let Some(path) = locate::config_file(manifest_dir) else {
        return Ok(Config::default_at(locate::workspace_root(manifest_dir)));
    };
    let text = std::fs::read_to_string(&path).map_err(|e| ConfigError::Unreadable {
        path: path.clone(),
        cause: e.to_string(),
    })?;
    let root = path.parent().unwrap_or(Path::new(".")).to_owned();
    let mut config = decode(
        &Source {
            path: &shown(&path),
            text: &text,
        },
        root,
    )?;
    config.workspace = locate::workspace_root(manifest_dir);
    let dir = config
        .root
        .strip_prefix(&config.workspace)
        .unwrap_or(Path::new(""));
    let dir = dir.to_string_lossy().replace('\\', "/");
    config.project.dir = Some(dir).filter(|dir| !dir.is_empty());
    config.digest = Some(phasegate_record::digest::sha256_hex(text.as_bytes()));
    Ok(config)
}

fn decode(source: &Source<'_>, root: std::path::PathBuf) -> Result<Config, ConfigError> {
    let parsed = DeTable::parse(source.text)
        .map_err(|e| source.wrong(e.span().unwrap_or(0..0), e.message()))?;
    let top = Table {
        source: *source,
        name: "phasegate.toml",
        table: parsed.get_ref(),
        at: 0,
    };
    top.allow(&[
        "project",
        "phase",
        "boundary",
        "isolation",
        "retry",
        "timeout",
        "output",
        "redact",
        "gate",
    ])?;
    let mut config = Config::default_at(root);
    config.project = project(&top)?;
    policies(&top, &mut config)?;
    Ok(config)
}

fn project(top: &Table<'_>) -> Result<Project, ConfigError> {
    let mut project = Project::default();
    if let Some(table) = top.table("project", "`[project]`")? {
        table.allow(&["name", "baseline"])?;
        project.name = table.string("name")?.unwrap_or_default().to_owned();
        project.baseline = table.string("baseline")?.map(str::to_owned);
    }
    if let Some(table) = top.table("gate", "`[gate]`")? {
        table.allow(&["progressive"])?;
        project.progressive = table.boolean("progressive")?.unwrap_or(false);
    }
    project.boundaries = boundaries(top)?;
    let tables = top.tables("phase", "`[[phase]]`")?;
    let ids: Vec<&str> = tables
        .iter()
        .map(|t| t.required("id"))
        .collect::<Result<_, _>>()?;
    for (place, table) in tables.iter().enumerate() {
        table.check_names("after", "phase", &ids)?;
        if ids[..place].contains(&ids[place]) {
            let at = table
                .get("id")
                .map_or(table.at..table.at, toml::Spanned::span);
            return Err(table.source.wrong(
                at,
                format!(
                    "phase `{}` is declared twice; give one of them another id",
                    ids[place]
                ),
            ));
        }
        project
            .phases
            .push(phase(table, &project.boundaries, &ids)?);
    }
    project.phases = phases::in_order(project.phases).map_err(|cycle| {
        let at = tables.iter().find(|t| {
            t.required("id")
                .is_ok_and(|id| Some(id) == cycle.first().map(String::as_str))
        });
        let at = at.map_or(0, |t| t.at);
        top.source.wrong(
            at..at,
            format!(
                "phases wait for each other in a circle: {}; remove one `after`",
                cycle.join(" → ")
            ),
        )
    })?;
    Ok(project)
}

fn phase(
    table: &Table<'_>,
    boundaries: &BTreeMap<String, Boundary>,
    ids: &[&str],
) -> Result<Phase, ConfigError> {
    table.allow(&[
        "id",
        "title",
        "after",
        "target_pass_rate",
        "allow_fallback",
        "criterion",
    ])?;
    Ok(Phase {
        id: table.required("id")?.to_owned(),
        title: table.string("title")?.map(str::to_owned),
        after: table
            .strings("after")?
            .into_iter()
            .map(str::to_owned)
            .collect(),
        target_pass_rate: table.parsed("target_pass_rate", str::parse)?,
        allow_fallback: table.boolean("allow_fallback")?.unwrap_or(false),
        criteria: criterion::decode_all(table, boundaries, ids)?,
    })
}

fn boundaries(top: &Table<'_>) -> Result<BTreeMap<String, Boundary>, ConfigError> {
    let mut all = BTreeMap::new();
    let Some(tables) = top.table("boundary", "`[boundary]`")? else {
        return Ok(all);
    };
    let names: Vec<&str> = tables.table.keys().map(|k| k.get_ref().as_ref()).collect();
    for name in &names {
        let label = format!("`[boundary.{name}]`");
        let Some(value) = tables
            .get(name)
            .and_then(|v| Some((v.get_ref().as_table()?, v.span().start)))
        else {
            let at = tables.get(name).map_or(0..0, toml::Spanned::span);
            return Err(top.source.wrong(at, format!("{label} must be a table")));
        };
        let table = Table {
            source: top.source,
            name: &label,
            table: value.0,
            at: value.1,
        };
        table.allow(&["title", "depends_on", "invalidated_by", "category"])?;
        table.check_names("depends_on", "boundary", &names)?;
        table.check_names("invalidated_by", "boundary", &names)?;
        let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        all.insert(
            (*name).to_owned(),
            Boundary {
                title: table.string("title")?.map(str::to_owned),
                depends_on: owned(table.strings("depends_on")?),
                invalidated_by: owned(table.strings("invalidated_by")?),
                category: table.string("category")?.map(str::to_owned),
            },
        );
    }
    Ok(all)
}

fn policies(top: &Table<'_>, config: &mut Config) -> Result<(), ConfigError> {
    if let Some(table) = top.table("isolation", "`[isolation]`")? {
        table.allow(&["default"])?;
        config.isolation = table.parsed("default", isolation)?.unwrap_or_default();
    }
    if let Some(table) = top.table("retry", "`[retry]`")? {
        table.allow(&["count", "delay"])?;
        config.retries = u32::try_from(table.count("count")?.unwrap_or(0)).unwrap_or(u32::MAX);
        config.retry_delay = table
            .parsed("delay", duration)?
            .unwrap_or(config.retry_delay);
    }
    if let Some(table) = top.table("timeout", "`[timeout]`")? {
        table.allow(&["test", "hook", "grace"])?;
        config.timeout = table.parsed("test", duration)?;
        config.hook_timeout = table
            .parsed("hook", duration)?
            .unwrap_or(config.hook_timeout);
        config.grace = table.parsed("grace", duration)?.unwrap_or(config.grace);
    }
    if let Some(table) = top.table("output", "`[output]`")? {
        table.allow(&["limit"])?;
        config.output_limit = table.parsed("limit", bytes)?.unwrap_or(config.output_limit);
    }
    if let Some(table) = top.table("redact", "`[redact]`")? {
        table.allow(&["variables"])?;
        config.redact = table
            .strings("variables")?
            .into_iter()
            .map(str::to_owned)
            .collect();
    }
    Ok(())
}

fn isolation(text: &str) -> Result<Isolation, String> {
    match text {
        "process" => Ok(Isolation::Process),
        "thread" => Ok(Isolation::Thread),
        other => Err(format!(
            "`{other}` is no kind of isolation; write \"process\" or \"thread\""
        )),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|e| format!("{e}; write a time such as \"5s\" or \"1m 30s\""))
}

fn bytes(text: &str) -> Result<u64, String> {
    let refuse = || {
        format!("`{text}` is no size; write a number with B, KiB, MiB or GiB, such as \"256MiB\"")
    };
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let factor = match text[digits..].trim() {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(refuse()),
    };
    text[..digits]
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(factor))
        .ok_or_else(refuse)
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
