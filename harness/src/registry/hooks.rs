//! The order of hooks: by declaration, bent by `after = […]`.

use super::declaration::HookDecl;
use super::name_of;

/// Sorts hooks so that each comes after those it names. What cannot be satisfied (a cycle, an
/// unknown name) is reported by [`super::collect`]; here such a hook keeps its place.
pub(super) fn in_order(mut waiting: Vec<&'static HookDecl>) -> Vec<&'static HookDecl> {
    let mut sorted: Vec<&'static HookDecl> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|h| !waiting.iter().any(|other| precedes(other, h)))
            .unwrap_or_default();
        sorted.push(waiting.remove(ready));
    }
    sorted
}

/// Whether `hook` asks to run after `first`.
fn precedes(first: &HookDecl, hook: &HookDecl) -> bool {
    !std::ptr::eq(first, hook) && first.point == hook.point && names(hook, first)
}

/// Whether one of the names in `after` means `other`: its whole name or the last part of it.
pub(super) fn names(hook: &HookDecl, other: &HookDecl) -> bool {
    let full = name_of(other.path);
    let last = full.rsplit("::").next().unwrap_or(full);
    hook.after.iter().any(|name| *name == full || *name == last)
}

/// A hook that waits for itself through others, if there is one.
pub(super) fn cycle(hooks: &[&'static HookDecl]) -> Option<&'static HookDecl> {
    hooks.iter().copied().find(|start| {
        let mut reached: Vec<&HookDecl> = vec![start];
        let mut next = 0;
        while next < reached.len() {
            let hook = reached[next];
            for other in hooks
                .iter()
                .filter(|o| o.point == hook.point && names(hook, o))
            {
                if std::ptr::eq(*other, *start) {
                    return true;
                }
                if !reached.iter().any(|r| std::ptr::eq(*r, *other)) {
                    reached.push(other);
                }
            }
            next += 1;
        }
        false
    })
}
