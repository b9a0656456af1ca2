//! placeholder
pub(super) fn judge(_: &crate::audit::reading::Reading<'_>, _: &super::table::Table<'_>, _: &mut crate::audit::reading::Ledger) {}
