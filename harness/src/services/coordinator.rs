//! From order to levels, from death to restart.
