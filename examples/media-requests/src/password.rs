//! Passwords, of which we only keep what cannot be turned back.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::config::Cost;
use crate::error::{Error, Result};

const SHORTEST: usize = 8;
/// Hashing what somebody sends costs us time; nobody has a password of a megabyte.
const LONGEST: usize = 256;

/// Hashes passwords at a cost.
#[derive(Debug, Clone)]
pub struct Hasher {
    params: Params,
    /// The hash of no password: verified where there is no account, so that the time it takes does
    /// not tell.
    decoy: String,
}

impl Hasher {
    /// A hasher of that cost.
    ///
    /// # Errors
    /// When Argon2 does not know such a cost.
    pub fn new(cost: Cost) -> Result<Self> {
        let params =
            Params::new(cost.memory, cost.passes, 1, None).map_err(|error| Error::Config {
                key: "password_cost",
                why: error.to_string(),
            })?;
        let mut hasher = Self {
            params,
            decoy: String::new(),
        };
        hasher.decoy = hasher.derive(&crate::random::name())?;
        Ok(hasher)
    }

    /// What to keep of a password: a PHC string with salt and cost.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn hash(&self, password: &str) -> Result<String> {
        match password.len() {
            ..SHORTEST => Err(Error::invalid(
                "password",
                format!("is too short; use at least {SHORTEST} characters"),
            )),
            SHORTEST..=LONGEST => self.derive(password),
            _ => Err(Error::invalid(
                "password",
                format!("is too long; use at most {LONGEST} bytes"),
            )),
        }
    }

    /// Whether this is the password. Takes the same time where there is none.
    ///
    /// # Errors
    /// When what was kept is no PHC string.
    pub fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool> {
        let text = kept.unwrap_or(&self.decoy);
        let hash = PasswordHash::new(text).map_err(|e| Error::Hash(e.to_string()))?;
        let same = password.len() <= LONGEST
            && self
                .argon2()
                .verify_password(password.as_bytes(), &hash)
                .is_ok();
        Ok(same && kept.is_some())
    }

    fn derive(&self, password: &str) -> Result<String> {
        let hash = self.argon2().hash_password(password.as_bytes());
        Ok(hash.map_err(|e| Error::Hash(e.to_string()))?.to_string())
    }

    fn argon2(&self) -> Argon2<'_> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }
}
