//! Phase A, the data foundation: each part by itself, over the one service that it keeps its data in.

mod accounts;
mod audit;
mod passwords;
mod posters;
mod rate_limit;
mod requests;
mod sessions;
mod status;
mod tokens;
mod vault;
