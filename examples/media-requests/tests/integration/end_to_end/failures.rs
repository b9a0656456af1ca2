//! What browsers see when a part is away.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod outages {
    use media_requests::config::Secret;

    use crate::fixtures::{CACHE_NOWHERE, DATABASE_NOWHERE, Site};
    use crate::services::ALIEN;

    #[phasegate::test]
    async fn health_is_told(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let health = visit.anybody.get("/health").await?.is(200);
        assert_eq!(health["database"], "up");
        Ok(())
    }

    #[phasegate::test]
    async fn health_turns_people_away(site: Site) -> phasegate::Result {
        let mut config = site.config();
        config.database = Secret::new(DATABASE_NOWHERE);
        let visit = site.open_with(&config).await?;
        let health = visit.anybody.get("/health").await?.is(503);
        assert_eq!(
            (&health["database"], &health["cache"]),
            (&"down".into(), &"up".into())
        );
        Ok(())
    }

    /// Neither the statement nor the table.
    #[phasegate::test]
    async fn what_the_database_says_is_not_quoted(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let client = site.db.client().await?;
        client
            .batch_execute("ALTER TABLE request RENAME TO away")
            .await?;
        let said = ada.get("/requests").await?.is_refused(503, "database");
        assert_eq!(
            said,
            "something is wrong with our database; try again later"
        );
        Ok(())
    }

    #[phasegate::test]
    async fn without_the_cache_nobody_is_let_in(site: Site) -> phasegate::Result {
        let there = site.open().await?;
        there.member("Ada").await?;
        let mut config = site.config();
        config.cache = Secret::new(CACHE_NOWHERE);
        let away = site.open_with(&config).await?;
        let ada = serde_json::json!({
            "name": "Ada", "password": crate::fixtures::people::PASSWORD,
        });
        let reply = away.anybody.post("/sessions", ada).await?;
        reply.is_refused(503, "cache");
        Ok(())
    }

    /// A cache that lost everything signs people out; nothing else is lost.
    #[phasegate::test]
    async fn an_emptied_cache_costs_a_sign_in(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        ada.request_film(ALIEN).await?.is(201);
        site.cache.reset().await?;
        ada.get("/requests").await?.is_refused(401, "not-signed-in");
        let ada = visit
            .sign_in("Ada", crate::fixtures::people::PASSWORD)
            .await?;
        let list = ada.get("/requests").await?.is(200);
        assert_eq!(list.as_array().map(Vec::len), Some(1));
        Ok(())
    }
}
