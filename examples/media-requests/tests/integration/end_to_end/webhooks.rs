//! What the media server tells us.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod callbacks {
    use reqwest::Method;
    use serde_json::{Value, json};

    use crate::fixtures::{Browser, Reply, Site, WEBHOOK_TOKEN};

    async fn call(server: &Browser, token: &str, body: Value) -> phasegate::Result<Reply> {
        let call = server
            .call(Method::POST, "/webhooks/media-server")
            .header("x-webhook-token", token)
            .json(&body);
        server.send(call).await
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::another("webhook-token-of-somebody")]
    #[case::almost("webhook-token-of-the-test")]
    async fn nobody_else_is_listened_to(site: Site, #[case] token: &str) -> phasegate::Result {
        let visit = site.open().await?;
        let body = json!({ "event": "available", "reference": 1 });
        let reply = call(&visit.anybody, token, body).await?;
        reply.is_refused(401, "not-signed-in");
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_none_of_our_business_is_fine(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let body = json!({ "event": "played", "title": 7 });
        call(&visit.anybody, WEBHOOK_TOKEN, body).await?.is(204);
        Ok(())
    }

    #[phasegate::test]
    async fn what_we_did_not_order_is_refused(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let body = json!({ "event": "available", "reference": 404 });
        let reply = call(&visit.anybody, WEBHOOK_TOKEN, body).await?;
        reply.is_refused(404, "unknown");
        Ok(())
    }
}
