//! Phases in the order of their dependencies.

use phasegate_record::project::Phase;

/// Sorts phases so that each comes after those it names, otherwise as declared. A circle is
/// returned as the ids along it.
pub(super) fn in_order(mut waiting: Vec<Phase>) -> Result<Vec<Phase>, Vec<String>> {
    let mut sorted: Vec<Phase> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|p| p.after.iter().all(|a| sorted.iter().any(|s| s.id == *a)));
        match ready {
            Some(place) => sorted.push(waiting.remove(place)),
            None => return Err(circle(&waiting)),
        }
    }
    Ok(sorted)
}

/// Every waiting phase waits for another waiting one, so following `after` must come round.
fn circle(waiting: &[Phase]) -> Vec<String> {
    let mut path = vec![waiting[0].id.clone()];
    loop {
        let here = waiting
            .iter()
            .find(|p| Some(&p.id) == path.last())
            .expect("only waiting phases are followed");
        let next = here
            .after
            .iter()
            .find(|a| waiting.iter().any(|p| p.id == **a))
            .expect("a waiting phase waits for a waiting one");
        if let Some(start) = path.iter().position(|id| id == next) {
            path.drain(..start);
            path.push(next.clone());
            return path;
        }
        path.push(next.clone());
    }
}

/// Ids of all phases that must come before `id`, directly or through others.
pub(crate) fn after_all<'a>(phases: &'a [Phase], id: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut next: Vec<&str> = vec![id];
    while let Some(id) = next.pop() {
        for before in phases.iter().filter(|p| p.id == id).flat_map(|p| &p.after) {
            if let Some(phase) = phases.iter().find(|p| p.id == *before)
                && !found.contains(&phase.id.as_str())
            {
                found.push(&phase.id);
                next.push(&phase.id);
            }
        }
    }
    found
}
