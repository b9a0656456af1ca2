//! The running service.

use super::dedicated::Dedicated;
use super::external::External;
use super::local::Local;
use super::share::Share;
use crate::services::{Ask, Running};
use crate::terms::Result;

/// The running service, in one of its forms.
pub struct Started(Form);

enum Form {
    Local(Box<Local>),
    Dedicated(Box<Dedicated>),
    External(Box<External>),
}

impl Started {
    pub(super) fn local(local: Local) -> Self {
        Self(Form::Local(Box::new(local)))
    }

    pub(super) fn dedicated(dedicated: Dedicated) -> Self {
        Self(Form::Dedicated(Box::new(dedicated)))
    }

    pub(super) fn external(external: External) -> Self {
        Self(Form::External(Box::new(external)))
    }
}

impl Running for Started {
    type Share = Share;

    fn url(&self) -> Option<String> {
        match &self.0 {
            Form::Local(local) => Some(local.url()),
            Form::Dedicated(_) => None,
            Form::External(external) => Some(external.url()),
        }
    }

    async fn probe(&self) -> Result {
        match &self.0 {
            Form::Local(local) => local.probe().await,
            Form::Dedicated(dedicated) => dedicated.probe().await,
            Form::External(external) => external.probe().await,
        }
    }

    async fn lease(&self, ask: &Ask) -> Result<Share> {
        match &self.0 {
            Form::Local(local) => local.lease(ask).await,
            Form::Dedicated(dedicated) => dedicated.lease().await,
            Form::External(external) => external.lease().await,
        }
    }

    async fn reset(&self, share: &Share) -> Result {
        match &self.0 {
            Form::Local(local) => local.reset(share).await,
            Form::Dedicated(dedicated) => dedicated.reset(share).await,
            Form::External(external) => external.reset(share).await,
        }
    }

    async fn reclaim(&self, share: &Share) -> Result {
        match &self.0 {
            Form::Local(local) => local.reclaim(share).await,
            Form::Dedicated(dedicated) => dedicated.reclaim(share).await,
            Form::External(external) => external.reclaim(share).await,
        }
    }

    async fn stop(&self) -> Result {
        match &self.0 {
            Form::Local(local) => local.stop().await,
            Form::Dedicated(dedicated) => dedicated.stop().await,
            Form::External(external) => external.stop().await,
        }
    }
}
