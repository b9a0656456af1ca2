//! What holds for a test: its own attribute, then those of the suites around it, inner first.

use std::collections::HashMap;

use super::declaration::{Attrs, SuiteDecl};

/// All suites of the image, by module path.
pub(super) struct Suites(HashMap<&'static str, Vec<&'static SuiteDecl>>);

impl Suites {
    pub(super) fn gather() -> Self {
        let mut by_path: HashMap<_, Vec<_>> = HashMap::new();
        for suite in inventory::iter::<SuiteDecl> {
            by_path.entry(suite.path).or_default().push(suite);
        }
        Self(by_path)
    }

    /// Every suite of the image, for checking.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static SuiteDecl> + '_ {
        self.0.values().flatten().copied()
    }

    /// The attributes that hold for the test at `path`, own ones first.
    pub(super) fn around(&self, path: &'static str, own: Attrs) -> Vec<Attrs> {
        let mut all = vec![own];
        let mut module = path;
        while let Some((outer, _)) = module.rsplit_once("::") {
            module = outer;
            all.extend(
                self.0
                    .get(module)
                    .into_iter()
                    .flatten()
                    .map(|suite| suite.attrs),
            );
        }
        all
    }
}

/// The first of the attributes that says something.
pub(super) fn first<T: Copy>(attrs: &[Attrs], says: impl Fn(&Attrs) -> Option<T>) -> Option<T> {
    attrs.iter().find_map(says)
}

/// Everything that any of the attributes lists, sorted, each once.
pub(super) fn union<'m>(
    attrs: &[Attrs],
    more: &'m [&'static str],
    lists: impl Fn(&Attrs) -> &'m [&'static str],
) -> Vec<String> {
    let mut all: Vec<String> = attrs
        .iter()
        .flat_map(lists)
        .chain(more.iter())
        .map(|name| String::from(*name))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}
