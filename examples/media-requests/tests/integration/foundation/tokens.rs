//! The tokens that browsers carry.

#[phasegate::suite(phase = "A", boundary = ["auth"], tags = ["quick"])]
mod signed_tokens {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::config::Secret;
    use media_requests::tokens::{Claims, Tokens};

    use crate::fixtures::TestClock;

    const HOUR: Duration = Duration::from_secs(3600);

    fn tokens(clock: &TestClock) -> Tokens {
        Tokens::new(&Secret::new("one key"), clock.clock())
    }

    fn claims(clock: &TestClock) -> Claims {
        Claims {
            sub: 7,
            jti: "a session".to_owned(),
            exp: clock.clock().now() + HOUR.as_secs(),
        }
    }

    #[phasegate::test]
    fn say_what_was_signed(clock: TestClock) -> phasegate::Result {
        let token = tokens(&clock).sign(&claims(&clock))?;
        assert_eq!(tokens(&clock).read(&token)?, claims(&clock));
        Ok(())
    }

    #[phasegate::test]
    fn end_on_the_second(clock: TestClock) -> phasegate::Result {
        let token = tokens(&clock).sign(&claims(&clock))?;
        clock.pass(HOUR - Duration::from_secs(1));
        assert!(tokens(&clock).read(&token).is_ok());
        clock.pass(Duration::from_secs(1));
        assert!(matches!(
            tokens(&clock).read(&token),
            Err(Error::NotSignedIn("the session's time is over"))
        ));
        Ok(())
    }

    #[phasegate::test]
    fn of_another_key_are_not_ours(clock: TestClock) -> phasegate::Result {
        let others = Tokens::new(&Secret::new("another key"), clock.clock());
        let token = others.sign(&claims(&clock))?;
        assert!(tokens(&clock).read(&token).is_err());
        Ok(())
    }

    /// `{"alg":"none"}`, the claims, and no signature.
    #[phasegate::test]
    fn without_a_signature_are_not_ours(clock: TestClock) -> phasegate::Result {
        let token = tokens(&clock).sign(&claims(&clock))?;
        let claims = token.split('.').nth(1).expect("a token has three parts");
        let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
        assert!(tokens(&clock).read(&unsigned).is_err());
        Ok(())
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::words("let me in")]
    #[case::dots("..")]
    fn that_are_none_are_refused(clock: TestClock, #[case] token: &str) {
        let read = tokens(&clock).read(token);
        assert!(matches!(read, Err(Error::NotSignedIn(_))));
    }
}
