//! Phase D, end to end: the application served over HTTP, and browsers that know nothing of it.

mod catalogue;
mod devices;
mod failures;
mod journeys;
mod live;
mod posters;
mod requests;
mod sign_in;
mod webhooks;
