//! An external API with a cache in front: the pattern [`CachedApi`](crate::fixtures::CachedApi).

#[phasegate::suite(phase = "B", timeout = "10s")]
mod cached_api {
    use media_requests::Error;
    use media_requests::title::TitleRef;
    use phasegate::drivers::http::ResponseTemplate;
    use redis::AsyncCommands;
    use serde_json::json;

    use crate::fixtures::CachedApi;
    use crate::services::{ALIEN, NOTHING, get, ok};

    const FILM: TitleRef = TitleRef {
        kind: media_requests::title::Kind::Film,
        id: ALIEN,
    };

    #[phasegate::test(criterion = ["B-1"])]
    async fn the_second_look_asks_nobody(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        assert_eq!(catalogue.title(FILM).await?, catalogue.title(FILM).await?);
        assert_eq!(api.asked().await?, 1);
        Ok(())
    }

    #[phasegate::test(criterion = ["B-1"])]
    async fn another_server_of_ours_asks_nobody_either(api: CachedApi) -> phasegate::Result {
        api.catalogue()?.title(FILM).await?;
        api.catalogue()?.title(FILM).await?;
        assert_eq!(api.asked().await?, 1);
        Ok(())
    }

    #[phasegate::test]
    async fn what_there_is_not_is_remembered_too(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        for _ in 0..2 {
            let missing = catalogue.title(TitleRef::film(NOTHING)).await;
            assert!(matches!(missing, Err(Error::Unknown { what: "film", .. })));
        }
        assert_eq!(api.asked().await?, 1);
        Ok(())
    }

    #[phasegate::test]
    async fn a_failure_is_not_remembered(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        let broken = get(&format!("/films/{ALIEN}"), ResponseTemplate::new(500));
        api.api.mount(broken.up_to_n_times(1)).await?;
        assert!(catalogue.title(FILM).await.is_err());
        assert!(catalogue.title(FILM).await.is_ok());
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_remembered_outlives_the_api(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.title(FILM).await?;
        api.api.play("is down").await?;
        assert_eq!(catalogue.title(FILM).await?.name, "Alien");
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_forgotten_is_asked_again(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.title(FILM).await?;
        catalogue.forget(FILM).await?;
        catalogue.title(FILM).await?;
        assert_eq!(api.asked().await?, 2);
        Ok(())
    }

    #[phasegate::test]
    async fn an_emptied_cache_is_filled_again(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.title(FILM).await?;
        api.cache.reset().await?;
        catalogue.title(FILM).await?;
        catalogue.title(FILM).await?;
        assert_eq!(api.asked().await?, 2);
        Ok(())
    }

    #[phasegate::test]
    async fn a_crowd_asks_once(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        let crowd = (0..10).map(|_| {
            let catalogue = catalogue.clone();
            tokio::spawn(async move { catalogue.title(FILM).await })
        });
        for one in crowd.collect::<Vec<_>>() {
            assert_eq!(one.await??.name, "Alien");
        }
        assert_eq!(api.asked().await?, 1);
        Ok(())
    }

    #[phasegate::test]
    async fn does_without_a_cache_that_is_down(api: CachedApi) -> phasegate::Result {
        let catalogue = api.without_cache()?;
        for _ in 0..2 {
            assert_eq!(catalogue.title(FILM).await?.name, "Alien");
        }
        assert_eq!(api.asked().await?, 2);
        Ok(())
    }

    #[phasegate::test]
    async fn does_not_trip_over_what_others_left(api: CachedApi) -> phasegate::Result {
        let mut client = api.cache.client().await?;
        let key = format!("title:film:{ALIEN}");
        client.set::<_, _, ()>(key, "of another version").await?;
        assert_eq!(api.catalogue()?.title(FILM).await?.name, "Alien");
        Ok(())
    }

    #[phasegate::test]
    async fn keeps_nothing_for_ever(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.title(FILM).await?;
        let _ = catalogue.title(TitleRef::film(NOTHING)).await;
        catalogue.search("alien", 1).await?;
        let mut client = api.cache.client().await?;
        let keys: Vec<String> = client.keys("*").await?;
        assert_eq!(keys.len(), 3, "{keys:?}");
        for key in keys {
            let seconds: i64 = client.ttl(&key).await?;
            let most = if key.ends_with("999") { 600 } else { 86_400 };
            assert!((1..=most).contains(&seconds), "{key}: {seconds}");
        }
        Ok(())
    }

    #[phasegate::test(criterion = ["B-3"], tags = ["consistency"])]
    async fn a_note_shows_at_once(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.title(FILM).await?;
        catalogue.annotate(FILM, "With a cat.").await?;
        let title = catalogue.title(FILM).await?;
        assert_eq!(title.overview, "With a cat.", "the cache is stale");
        Ok(())
    }

    #[phasegate::test(criterion = ["B-3"], tags = ["consistency"])]
    async fn a_second_note_takes_the_place_of_the_first(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        for note in ["With a cat.", "With a cat, and without."] {
            catalogue.annotate(FILM, note).await?;
            assert_eq!(catalogue.title(FILM).await?.overview, note);
        }
        Ok(())
    }

    #[phasegate::test]
    async fn a_note_outlives_the_cache(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        catalogue.annotate(FILM, "With a cat.").await?;
        catalogue.title(FILM).await?;
        api.cache.reset().await?;
        assert_eq!(catalogue.title(FILM).await?.overview, "With a cat.");
        Ok(())
    }

    #[phasegate::test]
    async fn searches_that_mean_the_same_are_one(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        let found = catalogue.search("alien", 1).await?;
        assert_eq!(found.results[0].id, ALIEN);
        assert_eq!(catalogue.search("  ALIEN ", 1).await?, found);
        assert_eq!(api.asked().await?, 1);
        Ok(())
    }

    #[phasegate::test]
    async fn pages_are_kept_apart(api: CachedApi) -> phasegate::Result {
        let catalogue = api.catalogue()?;
        let first = catalogue.search("alien", 1).await?;
        let none = ok(json!({ "results": [], "total": 1 }));
        api.api.mount(get("/search", none)).await?;
        assert_ne!(catalogue.search("alien", 2).await?, first);
        assert_eq!(catalogue.search("alien", 1).await?, first);
        Ok(())
    }

    #[phasegate::test]
    async fn nothing_is_not_searched_for(api: CachedApi) -> phasegate::Result {
        let refused = api.catalogue()?.search(" \t", 1).await;
        assert!(matches!(
            refused,
            Err(Error::Invalid { field: "query", .. })
        ));
        assert_eq!(api.asked().await?, 0);
        Ok(())
    }
}
