//! Devices.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod linked_devices {
    use phasegate::drivers::http::Mock;
    use phasegate::drivers::http::ResponseTemplate;
    use phasegate::drivers::http::matchers::method;
    use serde_json::json;

    use crate::fixtures::Site;

    #[phasegate::test]
    async fn are_linked_listed_and_unlinked(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        site.media_server.play("links a device").await?;
        let link = json!({ "name": "phone", "pin": "1234" });
        let phone = ada.post("/devices", link).await?.is(201);
        assert_eq!(ada.get("/devices").await?.is(200), json!([phone]));
        let gone = Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204));
        site.media_server.mount(gone.expect(1)).await?;
        let path = format!("/devices/{}", phone["id"]);
        ada.delete(&path).await?.is(204);
        ada.delete(&path).await?.is_refused(404, "unknown");
        Ok(())
    }

    #[phasegate::test]
    async fn no_browser_sees_a_token(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let eddie = visit.editor("Eddie").await?;
        site.media_server.play("links a device").await?;
        let link = json!({ "name": "phone", "pin": "1234" });
        for reply in [
            ada.post("/devices", link).await?,
            ada.get("/devices").await?,
            eddie.get("/audit").await?,
        ] {
            let text = String::from_utf8_lossy(&reply.bytes);
            assert!(text.contains("phone"), "{text}");
            assert!(!text.contains("token"), "{text}");
        }
        Ok(())
    }

    #[phasegate::test]
    async fn of_others_cannot_be_unlinked(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eve) = (visit.member("Ada").await?, visit.member("Eve").await?);
        site.media_server.play("links a device").await?;
        let link = json!({ "name": "phone", "pin": "1234" });
        let phone = ada.post("/devices", link).await?.is(201);
        let reply = eve.delete(&format!("/devices/{}", phone["id"])).await?;
        reply.is_refused(404, "unknown");
        assert_eq!(ada.get("/devices").await?.is(200), json!([phone]));
        Ok(())
    }
}
