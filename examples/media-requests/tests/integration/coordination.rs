//! Phase C, the integration: use cases that cross several services at once.

mod approving;
mod health;
mod notifications;
mod pushing;
mod requesting;
