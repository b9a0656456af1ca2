//! The client of the media server.

#[phasegate::suite(phase = "B", timeout = "10s")]
mod media_server_client {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::config::{Secret, Upstream};
    use media_requests::media_server::{MediaServer, Order};
    use media_requests::title::TitleRef;
    use phasegate::HttpApi;
    use phasegate::drivers::http::matchers::{body_json, header, method, path};
    use phasegate::drivers::http::{Mock, ResponseTemplate};
    use phasegate::prelude::*;
    use serde_json::json;

    use crate::services::{ALIEN, WIRE, media_server, post};

    fn client(api: &Lease<HttpApi, media_server>) -> phasegate::Result<MediaServer> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(2))
            .build()?;
        Ok(MediaServer::new(
            http,
            Upstream::new(api.url(), "server-key"),
        ))
    }

    fn order() -> Order {
        Order {
            title: TitleRef::series(WIRE),
            season: Some(2),
            reference: 7,
        }
    }

    #[phasegate::test]
    async fn knows_what_is_there(api: Lease<HttpApi, media_server>) -> phasegate::Result {
        let server = client(&api)?;
        assert!(!server.has(TitleRef::film(ALIEN)).await?);
        api.play("has everything").await?;
        assert!(server.has(TitleRef::film(ALIEN)).await?);
        Ok(())
    }

    #[phasegate::test]
    async fn orders_with_our_number(api: Lease<HttpApi, media_server>) -> phasegate::Result {
        let taken = ResponseTemplate::new(202).set_body_json(json!({ "job": "job-9" }));
        let wanted = json!({ "kind": "series", "id": WIRE, "season": 2, "reference": 7 });
        api.mount(
            Mock::given(method("POST"))
                .and(path("/downloads"))
                .and(header("authorization", "Bearer server-key"))
                .and(body_json(wanted))
                .respond_with(taken)
                .expect(1),
        )
        .await?;
        assert_eq!(client(&api)?.order(order()).await?, "job-9");
        Ok(())
    }

    /// Unlike a question, an order is not sent twice.
    #[phasegate::test]
    async fn does_not_order_again_by_itself(
        api: Lease<HttpApi, media_server>,
    ) -> phasegate::Result {
        let busy = ResponseTemplate::new(503);
        api.mount(post("/downloads", busy).expect(1)).await?;
        let failed = client(&api)?.order(order()).await;
        assert!(matches!(failed, Err(Error::Upstream { .. })));
        Ok(())
    }

    #[phasegate::test]
    async fn a_wrong_pin_is_the_members_mistake(
        api: Lease<HttpApi, media_server>,
    ) -> phasegate::Result {
        api.mount(post("/devices", ResponseTemplate::new(403)))
            .await?;
        let failed = client(&api)?.link("0000").await;
        assert!(matches!(failed, Err(Error::Invalid { field: "pin", .. })));
        Ok(())
    }

    #[phasegate::test]
    #[case::it_is(204, true)]
    #[case::it_was_already(401, true)]
    #[case::the_server_is_broken(500, false)]
    async fn a_device_is_unlinked_when(
        api: Lease<HttpApi, media_server>,
        #[case] status: u16,
        #[case] unlinked: bool,
    ) -> phasegate::Result {
        api.mount(
            Mock::given(method("DELETE"))
                .and(path("/devices/current"))
                .and(header("authorization", "Bearer token-of-the-device"))
                .respond_with(ResponseTemplate::new(status))
                .expect(1),
        )
        .await?;
        let token = Secret::new("token-of-the-device");
        assert_eq!(client(&api)?.unlink(&token).await.is_ok(), unlinked);
        Ok(())
    }
}
