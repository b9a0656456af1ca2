//! A request on its way across catalogue, media server, rate limit and database.

#[phasegate::suite(phase = "C", timeout = "15s")]
mod a_request {
    use media_requests::desk::Ask;
    use media_requests::request::Status;
    use media_requests::title::TitleRef;
    use media_requests::{App, Error};

    use crate::fixtures::BackEnd;
    use crate::fixtures::people::{calling, member};
    use crate::services::{ALIEN, NOTHING, WIRE};

    fn film(id: i64) -> Ask {
        Ask {
            title: TitleRef::film(id),
            season: None,
        }
    }

    fn series(season: Option<i32>) -> Ask {
        Ask {
            title: TitleRef::series(WIRE),
            season,
        }
    }

    /// How many requests there are.
    async fn stored(app: &App) -> media_requests::Result<usize> {
        Ok(app.desk.requests.list(None, None, None).await?.len())
    }

    #[phasegate::test]
    async fn keeps_the_name_that_the_catalogue_knows(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let (made, new) = app.desk.request(&ada, &film(ALIEN), None).await?;
        assert!(new);
        assert_eq!(
            (made.title.title.as_str(), made.status),
            ("Alien", Status::Pending)
        );
        Ok(())
    }

    #[phasegate::test]
    async fn for_what_there_is_not_is_refused(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let refused = app.desk.request(&ada, &film(NOTHING), None).await;
        assert!(matches!(refused, Err(Error::Unknown { what: "film", .. })));
        assert_eq!(stored(&app).await?, 0);
        Ok(())
    }

    #[phasegate::test]
    async fn for_what_is_there_already_is_refused(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        back.media_server.play("has everything").await?;
        let refused = app.desk.request(&ada, &film(ALIEN), None).await;
        assert!(matches!(refused, Err(Error::Conflict(why)) if why.contains("`Alien`")));
        assert_eq!(stored(&app).await?, 0);
        Ok(())
    }

    #[phasegate::test]
    #[case::none(None, false)]
    #[case::the_first(Some(1), true)]
    #[case::the_last(Some(5), true)]
    #[case::one_too_many(Some(6), false)]
    #[case::zero(Some(0), false)]
    #[case::below(Some(-1), false)]
    async fn a_season_must_be_one_of_the_series(
        back: BackEnd,
        #[case] season: Option<i32>,
        #[case] fits: bool,
    ) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let made = app.desk.request(&ada, &series(season), None).await;
        assert_eq!(made.is_ok(), fits, "{made:?}");
        assert_eq!(stored(&app).await?, usize::from(fits));
        Ok(())
    }

    #[phasegate::test]
    async fn a_film_has_no_seasons(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let ask = Ask {
            season: Some(1),
            ..film(ALIEN)
        };
        let refused = app.desk.request(&ada, &ask, None).await;
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "season",
                ..
            })
        ));
        Ok(())
    }

    #[phasegate::test(criterion = ["C-2"], tags = ["consistency"])]
    async fn the_same_call_again_changes_nothing(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let (first, _) = app.desk.request(&ada, &film(ALIEN), None).await?;
        let (second, new) = app.desk.request(&ada, &film(ALIEN), None).await?;
        assert_eq!((second, new), (first, false));
        assert_eq!(stored(&app).await?, 1, "stored twice");
        Ok(())
    }

    /// Even when nothing but the database answers any more.
    #[phasegate::test(criterion = ["C-2"], tags = ["consistency"])]
    async fn the_same_key_again_gets_the_same_answer(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let (first, _) = app.desk.request(&ada, &film(ALIEN), Some("k")).await?;
        back.metadata.play("is down").await?;
        back.media_server.play("is down").await?;
        let (second, new) = app.desk.request(&ada, &film(ALIEN), Some("k")).await?;
        assert_eq!((second, new), (first, false));
        Ok(())
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::too_long(&"k".repeat(101))]
    async fn a_key_must_not_be(back: BackEnd, #[case] key: &str) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let refused = app.desk.request(&ada, &film(ALIEN), Some(key)).await;
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "idempotency-key",
                ..
            })
        ));
        Ok(())
    }

    #[phasegate::test]
    #[case::the_metadata_api(true)]
    #[case::the_media_server(false)]
    async fn stores_nothing_when_nobody_answers_at(
        back: BackEnd,
        #[case] metadata: bool,
    ) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let down = match metadata {
            true => back.metadata.play("is down").await,
            false => back.media_server.play("is down").await,
        };
        down?;
        let refused = app.desk.request(&ada, &film(ALIEN), None).await;
        assert!(matches!(refused, Err(Error::Upstream { .. })));
        assert_eq!(stored(&app).await?, 0);
        Ok(())
    }

    /// What is known need not be asked: the catalogue's cache carries the request.
    #[phasegate::test]
    async fn does_without_an_api_that_was_asked_before(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        app.desk.catalogue.title(TitleRef::film(ALIEN)).await?;
        back.metadata.play("is down").await?;
        assert!(app.desk.request(&ada, &film(ALIEN), None).await.is_ok());
        Ok(())
    }

    #[phasegate::test]
    async fn is_counted_and_then_refused(back: BackEnd) -> phasegate::Result {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let bob = calling(&member(&app, "Bob").await?);
        for _ in 0..8 {
            app.desk.request(&ada, &film(ALIEN), Some("k")).await?;
        }
        let refused = app.desk.request(&ada, &film(ALIEN), Some("k")).await;
        assert!(matches!(refused, Err(Error::TooMany { .. })));
        assert!(app.desk.request(&bob, &film(ALIEN), None).await.is_ok());
        Ok(())
    }

    /// One who cannot be counted is not let through.
    #[phasegate::test]
    async fn is_refused_while_the_cache_is_away(back: BackEnd) -> phasegate::Result {
        let mut config = back.config();
        config.cache = media_requests::config::Secret::new(crate::fixtures::CACHE_NOWHERE);
        let app = App::new(&config)?;
        let ada = calling(&member(&app, "Ada").await?);
        let refused = app.desk.request(&ada, &film(ALIEN), None).await;
        assert!(matches!(refused, Err(Error::Cache(_))));
        assert_eq!(stored(&app).await?, 0);
        Ok(())
    }
}
