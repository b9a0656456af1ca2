//! Named sets of mocks.

use std::sync::Arc;

use super::mock::Mock;

/// Something that can be mounted: a [`Mock`], or a [`wiremock::Mock`].
#[derive(Debug)]
pub struct Mount(pub(super) Kind);

pub(super) enum Kind {
    Ours(Mock),
    Wiremock(wiremock::Mock),
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ours(mock) => mock.fmt(f),
            Self::Wiremock(_) => f.write_str("wiremock::Mock"),
        }
    }
}

impl From<Mock> for Mount {
    fn from(mock: Mock) -> Self {
        Self(Kind::Ours(mock))
    }
}

impl From<wiremock::Mock> for Mount {
    fn from(mock: wiremock::Mock) -> Self {
        Self(Kind::Wiremock(mock))
    }
}

/// What a scenario mounts; it is filled anew each time the scenario is played.
#[derive(Debug, Default)]
pub struct Scenario {
    pub(super) mounts: Vec<Mount>,
}

impl Scenario {
    /// Adds a mock. Of several that match a call the first one answers.
    pub fn mount(&mut self, mock: impl Into<Mount>) -> &mut Self {
        self.mounts.push(mock.into());
        self
    }
}

type Script = Arc<dyn Fn(&mut Scenario) + Send + Sync>;

/// Declared scenarios, and those that are played from the start.
#[derive(Clone, Default)]
pub(super) struct Scenarios {
    declared: Vec<(String, Script)>,
    pub(super) opening: Vec<String>,
}

impl Scenarios {
    pub(super) fn declare(&mut self, name: String, script: Script) {
        self.declared.push((name, script));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().map(|(name, _)| name.as_str())
    }

    /// The mocks of a scenario; of two with one name the later declared.
    pub(super) fn script(&self, name: &str) -> Option<Vec<Mount>> {
        let (_, script) = self
            .declared
            .iter()
            .rev()
            .find(|(known, _)| known == name)?;
        let mut scenario = Scenario::default();
        script(&mut scenario);
        Some(scenario.mounts)
    }
}
