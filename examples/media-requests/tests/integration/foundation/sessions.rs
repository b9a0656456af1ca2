//! Who is signed in.

#[phasegate::suite(phase = "A")]
mod open_sessions {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::accounts::Role;
    use redis::AsyncCommands;

    use crate::fixtures::SessionStore;
    use crate::fixtures::people::stranger;

    #[phasegate::test]
    async fn there_are_none_at_first(store: SessionStore) -> phasegate::Result {
        let mut client = store.cache.client().await?;
        let keys: usize = redis::cmd("DBSIZE").query_async(&mut client).await?;
        assert_eq!(keys, 0, "another test's keys are here");
        Ok(())
    }

    #[phasegate::test]
    async fn say_who_is_calling(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let session = sessions.open(&stranger(7)).await?;
        let who = sessions.check(&session.token).await?;
        assert_eq!((who.account, who.role), (7, Role::Member));
        Ok(())
    }

    #[phasegate::test(criterion = ["A-3"], tags = ["consistency"])]
    async fn do_not_outlive_their_end(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let session = sessions.open(&stranger(7)).await?;
        let who = sessions.check(&session.token).await?;
        sessions.close(&who).await?;
        let checked = sessions.check(&session.token).await;
        assert!(
            matches!(checked, Err(Error::NotSignedIn("the session is closed"))),
            "{checked:?}"
        );
        Ok(())
    }

    #[phasegate::test]
    async fn end_one_by_one(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let phone = sessions.open(&stranger(7)).await?;
        let tablet = sessions.open(&stranger(7)).await?;
        let who = sessions.check(&phone.token).await?;
        sessions.close(&who).await?;
        assert!(sessions.check(&tablet.token).await.is_ok());
        assert_eq!(sessions.count(7).await?, 1);
        Ok(())
    }

    #[phasegate::test]
    async fn end_all_at_once_for_one_person(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let hers = [
            sessions.open(&stranger(7)).await?,
            sessions.open(&stranger(7)).await?,
        ];
        let his = sessions.open(&stranger(8)).await?;
        assert_eq!(sessions.close_all(7).await?, 2);
        for session in &hers {
            assert!(sessions.check(&session.token).await.is_err());
        }
        assert!(sessions.check(&his.token).await.is_ok());
        Ok(())
    }

    #[phasegate::test]
    async fn end_when_their_time_is_over(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let session = sessions.open(&stranger(7)).await?;
        store.clock.pass(Duration::from_secs(session.expires_in));
        let checked = sessions.check(&session.token).await;
        assert!(matches!(checked, Err(Error::NotSignedIn(_))));
        Ok(())
    }

    #[phasegate::test]
    async fn leave_the_cache_by_themselves(store: SessionStore) -> phasegate::Result {
        let session = store.app()?.sessions.open(&stranger(7)).await?;
        let mut client = store.cache.client().await?;
        let keys: Vec<String> = client.keys("*").await?;
        assert_eq!(keys.len(), 2, "{keys:?}");
        for key in keys {
            let seconds: u64 = client.ttl(&key).await?;
            assert!(
                (1..=session.expires_in).contains(&seconds),
                "{key}: {seconds}"
            );
        }
        Ok(())
    }

    #[phasegate::test]
    async fn are_gone_with_the_cache(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let session = sessions.open(&stranger(7)).await?;
        store.cache.reset().await?;
        assert!(sessions.check(&session.token).await.is_err());
        Ok(())
    }

    /// A token of one account that names a session of another.
    #[phasegate::test]
    async fn cannot_be_borrowed(store: SessionStore) -> phasegate::Result {
        let sessions = store.app()?.sessions;
        let session = sessions.open(&stranger(7)).await?;
        let who = sessions.check(&session.token).await?;
        let mut client = store.cache.client().await?;
        let key = format!("session:{}", who.session);
        let stored: String = client.get(&key).await?;
        let others = stored.replace("\"account\":7", "\"account\":8");
        assert_ne!(stored, others);
        client.set::<_, _, ()>(&key, others).await?;
        assert!(sessions.check(&session.token).await.is_err());
        Ok(())
    }
}
