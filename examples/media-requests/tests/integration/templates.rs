//! Phase B, the service templates: each client and each pattern of several services.

mod catalogue;
mod devices;
mod gateway;
mod media_server;
mod metadata;
