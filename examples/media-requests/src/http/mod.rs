//! The application for browsers: JSON over HTTP, and websockets.
//!
//! | path | methods |
//! |---|---|
//! | `/accounts`, `/accounts/me`, `/accounts/me/password` | POST; GET; PUT |
//! | `/sessions`, `/sessions/current` | POST, DELETE; DELETE |
//! | `/titles`, `/titles/{kind}/{id}`, `…/note` | GET; GET; PUT |
//! | `/requests`, `/requests/{id}`, `…/approve`, `…/decline` | GET, POST; GET, DELETE; POST; POST |
//! | `/requests/{id}/poster` | GET, PUT, DELETE |
//! | `/devices`, `/devices/{id}` | GET, POST; DELETE |
//! | `/notifications`, `/notifications/{id}`, `/notifications/live` | GET; DELETE; websocket |
//! | `/webhooks/media-server` | POST |
//! | `/audit`, `/health` | GET |

mod accounts;
mod audit;
mod caller;
mod devices;
mod failure;
mod health;
mod input;
mod live;
mod notifications;
mod posters;
mod requests;
mod routes;
mod sessions;
mod titles;
mod webhooks;

pub use routes::{router, serve};
