//! How often somebody may try.

#[phasegate::suite(phase = "A")]
mod the_limit {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::config::Limit;
    use redis::AsyncCommands;

    use crate::fixtures::SessionStore;

    const MINUTE: Duration = Duration::from_secs(60);

    fn three() -> Limit {
        Limit::new(3, MINUTE)
    }

    #[phasegate::test]
    async fn counts_down_and_then_refuses(store: SessionStore) -> phasegate::Result {
        let limit = store.app()?.desk.rate_limit;
        for left in [2, 1, 0] {
            assert_eq!(limit.spend("try", "Ada", three()).await?, left);
        }
        let refused = limit.spend("try", "Ada", three()).await;
        assert!(matches!(refused, Err(Error::TooMany { retry_after: 60 })));
        Ok(())
    }

    #[phasegate::test]
    async fn says_when_to_come_back(store: SessionStore) -> phasegate::Result {
        let limit = store.app()?.desk.rate_limit;
        store.clock.pass(Duration::from_secs(45));
        for _ in 0..3 {
            limit.spend("try", "Ada", three()).await?;
        }
        let refused = limit.spend("try", "Ada", three()).await;
        assert!(matches!(refused, Err(Error::TooMany { retry_after: 15 })));
        store.clock.pass(Duration::from_secs(15));
        assert_eq!(limit.spend("try", "Ada", three()).await?, 2);
        Ok(())
    }

    #[phasegate::test]
    #[case::another_person("try", "Bob", 2)]
    #[case::another_thing("ask", "Ada", 2)]
    #[case::the_same_in_capitals("try", "ADA", 1)]
    async fn counts_for(
        store: SessionStore,
        #[case] what: &str,
        #[case] who: &str,
        #[case] left: u64,
    ) -> phasegate::Result {
        let limit = store.app()?.desk.rate_limit;
        limit.spend("try", "Ada", three()).await?;
        assert_eq!(limit.spend(what, who, three()).await?, left);
        Ok(())
    }

    #[phasegate::test]
    async fn a_crowd_gets_no_more_through(store: SessionStore) -> phasegate::Result {
        let limit = store.app()?.desk.rate_limit;
        let crowd = (0..30).map(|_| {
            let limit = limit.clone();
            tokio::spawn(async move { limit.spend("try", "Ada", three()).await })
        });
        let mut through = 0;
        for one in crowd.collect::<Vec<_>>() {
            through += usize::from(one.await?.is_ok());
        }
        assert_eq!(through, 3);
        Ok(())
    }

    #[phasegate::test]
    async fn leaves_nothing_for_ever(store: SessionStore) -> phasegate::Result {
        store
            .app()?
            .desk
            .rate_limit
            .spend("try", "Ada", three())
            .await?;
        let mut client = store.cache.client().await?;
        for key in client.keys::<_, Vec<String>>("*").await? {
            let seconds: i64 = client.ttl(&key).await?;
            assert!((1..=60).contains(&seconds), "{key}: {seconds}");
        }
        Ok(())
    }
}
