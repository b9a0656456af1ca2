//! The client of the metadata API.

#[phasegate::suite(phase = "B", timeout = "10s")]
mod metadata_client {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::config::Upstream;
    use media_requests::metadata::Metadata;
    use media_requests::title::TitleRef;
    use phasegate::HttpApi;
    use phasegate::drivers::http::matchers::{any, header, method, path, query_param};
    use phasegate::drivers::http::{Mock, ResponseTemplate};
    use phasegate::prelude::*;
    use serde_json::json;

    use crate::services::{ALIEN, NOTHING, WIRE, get, metadata, ok};

    /// A client of the test's own API.
    fn client(api: &Lease<HttpApi, metadata>) -> phasegate::Result<Metadata> {
        with_patience(api, Duration::from_secs(5))
    }

    fn with_patience(
        api: &Lease<HttpApi, metadata>,
        patience: Duration,
    ) -> phasegate::Result<Metadata> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Metadata::new(
            http,
            Upstream::new(api.url(), "metadata-key"),
        ))
    }

    #[phasegate::test]
    async fn brings_a_film(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        let title = client(&api)?.title(TitleRef::film(ALIEN)).await?;
        let title = title.expect("the API knows it");
        assert_eq!((title.name.as_str(), title.year), ("Alien", 1979));
        assert_eq!(title.seasons, None);
        Ok(())
    }

    #[phasegate::test]
    async fn brings_a_series(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        let title = client(&api)?.title(TitleRef::series(WIRE)).await?;
        assert_eq!(title.and_then(|title| title.seasons), Some(5));
        Ok(())
    }

    #[phasegate::test]
    async fn knows_that_there_is_none(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        assert_eq!(client(&api)?.title(TitleRef::film(NOTHING)).await?, None);
        Ok(())
    }

    #[phasegate::test]
    async fn proves_who_it_is(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        api.mount(
            Mock::given(path("/films/1"))
                .and(header("x-api-key", "metadata-key"))
                .respond_with(ok(json!({ "id": 1, "name": "One", "year": 1900 })))
                .expect(1),
        )
        .await?;
        assert!(client(&api)?.title(TitleRef::film(1)).await?.is_some());
        Ok(())
    }

    #[phasegate::test]
    async fn asks_again_while_the_api_is_busy(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        let busy = get(&format!("/films/{ALIEN}"), ResponseTemplate::new(503));
        api.mount(busy.up_to_n_times(2)).await?;
        assert!(client(&api)?.title(TitleRef::film(ALIEN)).await?.is_some());
        assert_eq!(api.calls().await?.len(), 3);
        Ok(())
    }

    #[phasegate::test]
    async fn gives_up_on_one_that_stays_busy(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        api.play("is down").await?;
        let failed = client(&api)?.title(TitleRef::film(ALIEN)).await;
        assert!(matches!(failed, Err(Error::Upstream { why, .. }) if why == "answered 503"));
        assert_eq!(api.calls().await?.len(), 3);
        Ok(())
    }

    #[phasegate::test]
    #[case::broken(500)]
    #[case::forbidden(403)]
    #[case::too_often(429)]
    async fn asks_once_of_one_that_is(
        api: Lease<HttpApi, metadata>,
        #[case] status: u16,
    ) -> phasegate::Result {
        let answer = ResponseTemplate::new(status);
        api.mount(get("/films/1", answer).expect(1)).await?;
        let failed = client(&api)?.title(TitleRef::film(1)).await;
        assert!(
            matches!(failed, Err(Error::Upstream { why, .. }) if why.contains(&status.to_string()))
        );
        Ok(())
    }

    #[phasegate::test]
    #[case::no_json("<html>busy</html>")]
    #[case::another_shape(r#"{"id":1,"name":["One"],"year":1900}"#)]
    #[case::cut_off(r#"{"id":1,"#)]
    async fn does_not_take_for_a_title(
        api: Lease<HttpApi, metadata>,
        #[case] body: &str,
    ) -> phasegate::Result {
        let answer = ResponseTemplate::new(200).set_body_string(body);
        api.mount(get("/films/1", answer)).await?;
        let failed = client(&api)?.title(TitleRef::film(1)).await;
        assert!(matches!(failed, Err(Error::Upstream { .. })));
        Ok(())
    }

    #[phasegate::test]
    async fn does_not_wait_for_ever(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        api.set_latency(Duration::from_secs(5))?;
        let client = with_patience(&api, Duration::from_millis(100))?;
        let failed = client.title(TitleRef::film(ALIEN)).await;
        assert!(
            matches!(failed, Err(Error::Upstream { why, .. }) if why == "did not answer in time")
        );
        Ok(())
    }

    /// The key is for the API, not for wherever it sends us.
    #[phasegate::test]
    async fn does_not_follow_elsewhere(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        let away = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
        api.mount(get("/films/1", away)).await?;
        let elsewhere = Mock::given(path("/elsewhere")).respond_with(ResponseTemplate::new(200));
        api.mount(elsewhere.expect(0)).await?;
        assert!(client(&api)?.title(TitleRef::film(1)).await.is_err());
        Ok(())
    }

    #[phasegate::test]
    #[case::spaces("the wire")]
    #[case::an_ampersand("Tom & Jerry&page=9")]
    #[case::unicode("Amélie – \u{1f39e}")]
    #[case::a_path("../films/1")]
    async fn searches_for_what_was_typed(
        api: Lease<HttpApi, metadata>,
        #[case] text: &str,
    ) -> phasegate::Result {
        let found = ok(json!({ "results": [], "total": 0 }));
        api.mount(
            Mock::given(method("GET"))
                .and(path("/search"))
                .and(query_param("query", text))
                .and(query_param("page", "2"))
                .respond_with(found)
                .expect(1),
        )
        .await?;
        assert_eq!(client(&api)?.search(text, 2).await?.total, 0);
        Ok(())
    }

    #[phasegate::test]
    async fn says_whether_the_api_answers(api: Lease<HttpApi, metadata>) -> phasegate::Result {
        assert!(client(&api)?.ping().await.is_ok());
        api.mount(Mock::given(any()).respond_with(ResponseTemplate::new(500)))
            .await?;
        assert!(client(&api)?.ping().await.is_err());
        Ok(())
    }
}
