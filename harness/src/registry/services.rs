//! Services: what each test leases, and whether the declarations can stand.

use phasegate_record::event::DeclaredService;

use super::collect::{Check, CollectError};
use crate::fixture::Needs;
use crate::services::ServiceDecl;
use crate::services::declaration::{by_name, services};
use crate::services::lease::find;
use crate::terms::nearest;

/// What one test leases.
#[derive(Debug, Default)]
pub(super) struct Leased {
    /// Names of services.
    pub(super) names: Vec<&'static str>,
    /// What they stand behind.
    pub(super) boundaries: Vec<&'static str>,
    /// What is wanted and cannot be had, in words.
    pub(super) missing: Vec<String>,
}

/// The services that fixtures asked for.
pub(super) fn leased(needs: &Needs) -> Leased {
    let mut leased = Leased::default();
    for wanted in &needs.services {
        match find(wanted) {
            Ok(decl) => {
                leased.names.push(decl.name);
                leased.boundaries.extend_from_slice(decl.boundaries);
            }
            Err(why) if leased.missing.contains(&why) => {}
            Err(why) => leased.missing.push(why),
        }
    }
    leased
}

/// Every service of the image, as the record keeps it.
pub(super) fn declared() -> Vec<DeclaredService> {
    let sorted = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| String::from(*name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    services()
        .iter()
        .map(|decl| DeclaredService {
            name: decl.name.to_owned(),
            kind: decl.kind.to_owned(),
            boundaries: sorted(decl.boundaries),
            after: sorted(decl.after),
            embedded: decl.embedded,
            has_fallback: decl.fallback.is_some(),
            file: decl.file.replace('\\', "/"),
            line: decl.line,
        })
        .collect()
}

/// Complains about names that are taken or belong to nobody, and about circles.
pub(super) fn check(check: &mut Check<'_>) {
    let all = services();
    for pair in all.windows(2).filter(|pair| pair[0].name == pair[1].name) {
        check.errors.push(CollectError::Duplicate {
            what: "service",
            name: pair[0].name.to_owned(),
            first: place(pair[0]),
            second: place(pair[1]),
        });
    }
    for decl in all {
        let boundaries = decl.boundaries.iter().copied();
        check.names("boundary", boundaries, decl.file, decl.line);
        let unknown = decl.after.iter().filter(|name| by_name(name).is_none());
        for name in unknown {
            check.errors.push(CollectError::Unknown {
                place: place(decl),
                what: "service",
                name: (*name).to_owned(),
                hint: hint(name, decl.name, all),
            });
        }
    }
    if let Some(decl) = circle(all) {
        check.errors.push(CollectError::Circle {
            place: place(decl),
            what: "service",
            name: decl.name.to_owned(),
        });
    }
}

fn place(decl: &ServiceDecl) -> String {
    format!("{}:{}", decl.file, decl.line)
}

fn hint(name: &str, own: &str, all: &[&'static ServiceDecl]) -> String {
    let mut others: Vec<&str> = all.iter().map(|decl| decl.name).collect();
    others.retain(|other| *other != own);
    others.dedup();
    match nearest(name, others.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if others.is_empty() => "no other service is declared".to_owned(),
        None => format!("declared are {}", others.join(", ")),
    }
}

/// A service that waits for itself through others, if there is one.
fn circle(all: &[&'static ServiceDecl]) -> Option<&'static ServiceDecl> {
    all.iter().copied().find(|start| {
        let mut reached = start.after.to_vec();
        let mut next = 0;
        while let Some(name) = reached.get(next).copied() {
            if name == start.name {
                return true;
            }
            for further in by_name(name).map_or(&[][..], |decl| decl.after) {
                if !reached.contains(further) {
                    reached.push(further);
                }
            }
            next += 1;
        }
        false
    })
}
