//! The tokens that browsers carry: JWT, signed with HS256.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::Secret;
use crate::error::{Error, Result};

/// What a token claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account, by number.
    pub sub: i64,
    /// The session.
    pub jti: String,
    /// Seconds since 1970 at which it ends.
    pub exp: u64,
}

/// Signs tokens and reads them back.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    clock: Clock,
}

impl Tokens {
    /// Tokens signed with a key.
    #[must_use]
    pub fn new(key: &Secret, clock: Clock) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Time is told by our clock, which tests turn.
        validation.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(key.expose().as_bytes()),
            checking: DecodingKey::from_secret(key.expose().as_bytes()),
            validation,
            clock,
        }
    }

    /// The token of these claims.
    ///
    /// # Errors
    /// When they cannot be written as JSON.
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing)
            .map_err(|error| Error::garbled("a token", error))
    }

    /// What a token claims, if we signed it and its time is not over.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`]
    pub fn read(&self, token: &str) -> Result<Claims> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| Error::NotSignedIn("the token is not one of ours"))?
            .claims;
        if claims.exp <= self.clock.now() {
            return Err(Error::NotSignedIn("the session's time is over"));
        }
        Ok(claims)
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}
