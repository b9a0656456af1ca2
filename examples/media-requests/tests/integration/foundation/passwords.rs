//! What is kept of a password.

#[phasegate::suite(phase = "A", boundary = ["encryption"], tags = ["quick"])]
mod hashing {
    use media_requests::Error;
    use media_requests::config::Cost;
    use media_requests::password::Hasher;

    const CHEAP: Cost = Cost {
        memory: 8,
        passes: 1,
    };

    #[phasegate::test]
    fn only_the_password_itself_is_let_through() -> phasegate::Result {
        let hasher = Hasher::new(CHEAP)?;
        let kept = hasher.hash("correct horse")?;
        assert!(hasher.verify("correct horse", Some(&kept))?);
        assert!(!hasher.verify("correct horsf", Some(&kept))?);
        assert!(!hasher.verify("", Some(&kept))?);
        Ok(())
    }

    #[phasegate::test]
    fn two_people_with_one_password_cannot_be_told() -> phasegate::Result {
        let hasher = Hasher::new(CHEAP)?;
        assert_ne!(hasher.hash("correct horse")?, hasher.hash("correct horse")?);
        Ok(())
    }

    #[phasegate::test]
    fn what_is_kept_says_how_it_was_made() -> phasegate::Result {
        let kept = Hasher::new(CHEAP)?.hash("correct horse")?;
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
        Ok(())
    }

    /// Old hashes stay good when the cost goes up.
    #[phasegate::test]
    fn another_cost_reads_what_this_one_made() -> phasegate::Result {
        let kept = Hasher::new(CHEAP)?.hash("correct horse")?;
        let dearer = Hasher::new(Cost {
            memory: 16,
            passes: 2,
        })?;
        assert!(dearer.verify("correct horse", Some(&kept))?);
        Ok(())
    }

    #[phasegate::test]
    fn nobody_has_no_password() -> phasegate::Result {
        assert!(!Hasher::new(CHEAP)?.verify("correct horse", None)?);
        Ok(())
    }

    #[phasegate::test]
    #[case::none("")]
    #[case::seven("1234567")]
    #[case::a_novel(&"x".repeat(257))]
    fn unfit_ones_are_refused(#[case] password: &str) -> phasegate::Result {
        let refused = Hasher::new(CHEAP)?.hash(password);
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "password",
                ..
            })
        ));
        Ok(())
    }

    #[phasegate::test]
    fn a_cost_that_argon2_does_not_know_is_refused() {
        let refused = Hasher::new(Cost {
            memory: 0,
            passes: 0,
        });
        assert!(matches!(refused, Err(Error::Config { .. })));
    }
}
