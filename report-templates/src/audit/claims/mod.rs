//! Wordings that several judges need: ratios and outcome counts.

mod outcome;
mod ratio;
mod share;
mod standing;
mod subject;

pub(crate) use outcome::{Stated, label_outcome};
pub(crate) use ratio::Ratio;
pub(crate) use share::Share;
pub(crate) use standing::{Standing, standing};

use super::reading::Reading;

/// The claims of a document that more than one judge looks at.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    pub(crate) ratios: Vec<Ratio>,
    pub(crate) shares: Vec<Share>,
    /// Outcome counts, ascending by passage.
    pub(crate) stated: Vec<Stated>,
}

impl Claims {
    pub(crate) fn find(reading: &Reading<'_>) -> Self {
        let mut claims = Self::default();
        for passage in 0..reading.document.passages.len() {
            let ratios = ratio::ratios(reading, passage);
            claims.shares.extend(share::shares(
                reading,
                passage,
                &ratios,
                claims.ratios.len(),
            ));
            claims
                .stated
                .extend(outcome::stated(reading, passage, &ratios));
            claims.ratios.extend(ratios);
        }
        claims
    }

    /// The ratios of one passage.
    pub(crate) fn ratios_in(&self, passage: usize) -> &[Ratio] {
        let first = self.ratios.partition_point(|ratio| ratio.passage < passage);
        let end = self
            .ratios
            .partition_point(|ratio| ratio.passage <= passage);
        &self.ratios[first..end]
    }

    /// The outcome counts of one passage.
    pub(crate) fn stated_in(&self, passage: usize) -> &[Stated] {
        let first = self
            .stated
            .partition_point(|stated| stated.passage < passage);
        let end = self
            .stated
            .partition_point(|stated| stated.passage <= passage);
        &self.stated[first..end]
    }
}
