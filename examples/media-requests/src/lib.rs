//! A back end where people request films and series.
