//! Who people are.

#[phasegate::suite(phase = "A")]
mod people {
    use media_requests::Error;
    use media_requests::accounts::Role;

    use crate::fixtures::people::{PASSWORD, member};
    use crate::fixtures::{Records, config};

    #[phasegate::test]
    async fn there_are_none_at_first(records: Records) -> phasegate::Result {
        let count = records.db.client().await?;
        let count = count.query_one("SELECT count(*) FROM account", &[]).await?;
        assert_eq!(count.get::<_, i64>(0), 0, "another test's people are here");
        Ok(())
    }

    #[phasegate::test]
    async fn are_found_as_they_were_made(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = app.accounts.create("Ada", PASSWORD, Role::Editor).await?;
        assert_eq!(app.accounts.find(ada.id).await?, ada);
        assert_eq!((ada.name.as_str(), ada.role), ("Ada", Role::Editor));
        Ok(())
    }

    #[phasegate::test]
    async fn are_known_by_name_and_password(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        assert_eq!(app.accounts.verify("Ada", PASSWORD).await?, ada);
        assert_eq!(app.accounts.verify(" ada ", PASSWORD).await?, ada);
        Ok(())
    }

    #[phasegate::test]
    #[case::another_password("Ada", "correct horse batterz")]
    #[case::nobody("Eve", "correct horse battery")]
    #[case::no_wildcard("A%", "correct horse battery")]
    #[case::no_injection("' OR name = 'Ada", "correct horse battery")]
    async fn nobody_else_is_let_in(
        records: Records,
        #[case] name: &str,
        #[case] password: &str,
    ) -> phasegate::Result {
        let app = records.app()?;
        member(&app, "Ada").await?;
        let refused = app.accounts.verify(name, password).await;
        assert!(matches!(refused, Err(Error::WrongPassword)));
        Ok(())
    }

    #[phasegate::test]
    #[case::the_same("Ada")]
    #[case::in_small_letters("ada")]
    #[case::with_spaces("  ADA ")]
    async fn a_name_is_taken_once(records: Records, #[case] name: &str) -> phasegate::Result {
        let app = records.app()?;
        member(&app, "Ada").await?;
        let refused = app.accounts.create(name, PASSWORD, Role::Member).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
        Ok(())
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::spaces("   ")]
    #[case::too_long(&"x".repeat(41))]
    #[case::a_line_break("Ada\nadmin")]
    async fn unfit_names_are_refused(records: Records, #[case] name: &str) -> phasegate::Result {
        let app = records.app()?;
        let refused = app.accounts.create(name, PASSWORD, Role::Member).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "name", .. })));
        Ok(())
    }

    #[phasegate::test]
    async fn the_database_keeps_no_password(records: Records) -> phasegate::Result {
        let app = records.app()?;
        member(&app, "Ada").await?;
        let client = records.db.client().await?;
        let row = client.query_one("SELECT account::text FROM account", &[]);
        assert!(!row.await?.get::<_, &str>(0).contains(PASSWORD));
        Ok(())
    }

    #[phasegate::test]
    async fn a_new_password_takes_the_place_of_the_old(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        let new = "an even better one";
        app.accounts.change_password(ada.id, PASSWORD, new).await?;
        assert!(app.accounts.verify("Ada", new).await.is_ok());
        assert!(app.accounts.verify("Ada", PASSWORD).await.is_err());
        Ok(())
    }

    #[phasegate::test]
    #[case::the_old_is_wrong("a guess", "an even better one")]
    #[case::the_new_is_too_short(PASSWORD, "short")]
    async fn no_password_is_changed_when(
        records: Records,
        #[case] old: &str,
        #[case] new: &str,
    ) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        assert!(
            app.accounts
                .change_password(ada.id, old, new)
                .await
                .is_err()
        );
        assert!(app.accounts.verify("Ada", PASSWORD).await.is_ok());
        Ok(())
    }

    /// No server listens there, and the error must not show how we would have signed in.
    #[phasegate::test(boundary = ["database"])]
    async fn errors_show_no_password_of_ours(
        clock: crate::fixtures::TestClock,
    ) -> phasegate::Result {
        let app = media_requests::App::new(&config(&clock))?;
        let refused = app.accounts.find(1).await.expect_err("nobody listens");
        let said = format!("{refused} {refused:?}");
        assert!(matches!(refused, Error::NoConnection(_)));
        assert!(!said.contains("hush-hush"), "{said}");
        Ok(())
    }
}
