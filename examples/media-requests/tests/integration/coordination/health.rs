//! Whether the parts answer.

#[phasegate::suite(phase = "C", timeout = "15s")]
mod the_monitor {
    use media_requests::App;
    use media_requests::config::{Config, Secret};
    use media_requests::health::{Health, State};

    use crate::fixtures::{BackEnd, CACHE_NOWHERE, DATABASE_NOWHERE};

    const ALL_UP: Health = Health {
        database: State::Up,
        cache: State::Up,
        metadata: State::Up,
        media_server: State::Up,
    };

    async fn health(config: &Config) -> media_requests::Result<Health> {
        Ok(App::new(config)?.monitor.check().await)
    }

    #[phasegate::test]
    async fn all_parts_are_up(back: BackEnd) -> phasegate::Result {
        let health = health(&back.config()).await?;
        assert_eq!(health, ALL_UP);
        assert!(health.ready());
        Ok(())
    }

    #[phasegate::test]
    async fn without_the_database_nothing_works(back: BackEnd) -> phasegate::Result {
        let mut config = back.config();
        config.database = Secret::new(DATABASE_NOWHERE);
        let health = health(&config).await?;
        let expected = Health {
            database: State::Down,
            ..ALL_UP
        };
        assert_eq!(health, expected);
        assert!(!health.ready());
        Ok(())
    }

    #[phasegate::test]
    async fn without_the_cache_nobody_can_sign_in(back: BackEnd) -> phasegate::Result {
        let mut config = back.config();
        config.cache = Secret::new(CACHE_NOWHERE);
        let health = health(&config).await?;
        let expected = Health {
            cache: State::Down,
            ..ALL_UP
        };
        assert_eq!(health, expected);
        assert!(!health.ready());
        Ok(())
    }

    #[phasegate::test]
    async fn other_servers_may_be_away(back: BackEnd) -> phasegate::Result {
        back.metadata.play("is down").await?;
        back.media_server.play("is down").await?;
        let health = health(&back.config()).await?;
        let expected = Health {
            metadata: State::Down,
            media_server: State::Down,
            ..ALL_UP
        };
        assert_eq!(health, expected);
        assert!(health.ready());
        Ok(())
    }

    /// Half of the requests of a crowd must not fail because the pool is small.
    #[phasegate::test]
    async fn a_crowd_waits_for_connections(back: BackEnd) -> phasegate::Result {
        let mut config = back.config();
        config.connections = 2;
        let app = App::new(&config)?;
        let crowd = (0..20).map(|_| {
            let audit = app.audit.clone();
            tokio::spawn(async move { audit.read(&Default::default()).await })
        });
        for one in crowd.collect::<Vec<_>>() {
            assert!(one.await?.is_ok());
        }
        Ok(())
    }
}
