//! What may be stored but not read.

#[phasegate::suite(phase = "A", boundary = ["encryption"], tags = ["quick"])]
mod sealing {
    use media_requests::Error;
    use media_requests::config::VaultKey;
    use media_requests::vault::Vault;

    fn vault() -> Vault {
        Vault::new(&VaultKey([1; 32]))
    }

    #[phasegate::test]
    #[case::plain("a token")]
    #[case::empty("")]
    #[case::unicode("жетон – \u{1f39f}")]
    fn gives_back_what_was_sealed(#[case] text: &str) -> phasegate::Result {
        let sealed = vault().seal("Ada's phone", text)?;
        assert_eq!(vault().open("Ada's phone", &sealed)?, text);
        Ok(())
    }

    #[phasegate::test]
    fn opens_under_its_own_label_only() -> phasegate::Result {
        let sealed = vault().seal("Ada's phone", "a token")?;
        let opened = vault().open("Eve's phone", &sealed);
        assert!(matches!(opened, Err(Error::Unsealable)));
        Ok(())
    }

    #[phasegate::test]
    fn opens_with_its_own_key_only() -> phasegate::Result {
        let sealed = vault().seal("Ada's phone", "a token")?;
        let opened = Vault::new(&VaultKey([2; 32])).open("Ada's phone", &sealed);
        assert!(matches!(opened, Err(Error::Unsealable)));
        Ok(())
    }

    #[phasegate::test]
    fn notices_any_byte_that_was_changed() -> phasegate::Result {
        let sealed = vault().seal("Ada's phone", "a token")?;
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault().open("Ada's phone", &changed).is_err(), "byte {at}");
        }
        Ok(())
    }

    #[phasegate::test]
    fn notices_what_was_cut_off() -> phasegate::Result {
        let sealed = vault().seal("Ada's phone", "a token")?;
        for length in 0..sealed.len() {
            let opened = vault().open("Ada's phone", &sealed[..length]);
            assert!(opened.is_err(), "{length} bytes");
        }
        Ok(())
    }

    #[phasegate::test]
    fn seals_the_same_text_differently_each_time() -> phasegate::Result {
        assert_ne!(vault().seal("x", "a token")?, vault().seal("x", "a token")?);
        Ok(())
    }
}
