//! What `#[phasegate::service]` leaves behind in the binary.

use std::any::TypeId;
use std::sync::OnceLock;

use super::erased::AnyService;

/// One `#[phasegate::service]` function.
pub struct ServiceDecl {
    /// `concat!(module_path!(), "::", "function")`
    pub path: &'static str,
    /// Name of the function: the service's name.
    pub name: &'static str,
    /// `<T as Service>::KIND` of what it returns.
    pub kind: &'static str,
    /// `<T as Service>::EMBEDDED`
    pub embedded: bool,
    /// `boundary = "database"`
    pub boundaries: &'static [&'static str],
    /// `after = ["database"]`: names of services.
    pub after: &'static [&'static str],
    /// What it returns.
    pub type_id: fn() -> TypeId,
    /// The same, to be read.
    pub type_name: fn() -> &'static str,
    /// Calls the function.
    pub make: fn() -> Box<dyn AnyService>,
    /// `fallback = function`: calls that function.
    pub fallback: Option<fn() -> Box<dyn AnyService>>,
    /// `restarts = 1`: how often it may come back after it died.
    pub restarts: u32,
    /// `timeout = "30s"`: time from start to ready, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// `file!()`
    pub file: &'static str,
    /// `line!()`
    pub line: u32,
}

inventory::collect!(ServiceDecl);

/// Restarts that are allowed where nothing is said.
pub const RESTARTS: u32 = 1;

/// All services of the image, by name.
pub(crate) fn services() -> &'static [&'static ServiceDecl] {
    static ALL: OnceLock<Vec<&'static ServiceDecl>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<_> = inventory::iter::<ServiceDecl>.into_iter().collect();
        all.sort_by_key(|decl| (decl.name, decl.file, decl.line));
        all
    })
}

/// The service of that name.
pub(crate) fn by_name(name: &str) -> Option<&'static ServiceDecl> {
    services().iter().copied().find(|decl| decl.name == name)
}

/// Which of several services of one type a lease is of.
pub trait Which: 'static {
    /// Its name; `None` for the only one.
    const NAME: Option<&'static str>;
}

/// The only service of its type.
#[derive(Debug, Clone, Copy)]
pub struct Sole;

impl Which for Sole {
    const NAME: Option<&'static str> = None;
}
