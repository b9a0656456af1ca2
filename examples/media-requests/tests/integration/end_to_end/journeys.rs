//! From a wish to a film night.

#[phasegate::suite(phase = "D", timeout = "20s", criterion = ["D-3"], tags = ["journey"])]
mod evenings {
    use reqwest::Method;
    use serde_json::json;

    use crate::fixtures::{Site, WEBHOOK_TOKEN, jpeg};
    use crate::services::WIRE;

    /// Every boundary but the gateway, in one evening.
    #[phasegate::test]
    async fn a_wish_comes_true(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        let mut live = ada.watch().await?;

        let wish = json!({ "kind": "series", "id": WIRE, "season": 4 });
        let made = ada.post("/requests", wish).await?.is(201);
        let path = format!("/requests/{}", made["id"]);
        ada.upload(&format!("{path}/poster"), jpeg("x"))
            .await?
            .is(201);

        site.media_server.play("takes one order").await?;
        let approved = eddie.post(&format!("{path}/approve"), json!({})).await?;
        assert_eq!(approved.is(200)["job"], "job-7");
        assert_eq!(live.next().await?["event"], "request.approved");

        let told = json!({ "event": "available", "reference": made["id"] });
        let call = visit
            .anybody
            .call(Method::POST, "/webhooks/media-server")
            .header("x-webhook-token", WEBHOOK_TOKEN)
            .json(&told);
        visit.anybody.send(call).await?.is(204);
        assert_eq!(live.next().await?["event"], "request.available");

        assert_eq!(ada.get(&path).await?.is(200)["status"], "available");
        let poster = ada.get(&format!("{path}/poster")).await?;
        assert_eq!(poster.bytes, jpeg("x"));
        let subject = format!("/audit?subject=request:{}", made["id"]);
        let log = eddie.get(&subject).await?.is(200);
        let actions = log.as_array().into_iter().flatten();
        let actions: Vec<_> = actions.map(|entry| entry["action"].clone()).collect();
        assert_eq!(
            actions,
            ["request.made", "request.approved", "request.available"]
        );
        Ok(())
    }

    #[phasegate::test]
    async fn a_wish_is_declined_and_made_again(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        let wish = json!({ "kind": "series", "id": WIRE, "season": 4 });
        let made = ada.post("/requests", wish.clone()).await?.is(201);
        let path = format!("/requests/{}/decline", made["id"]);
        let declined = eddie.post(&path, json!({ "reason": "not today" })).await?;
        assert_eq!(declined.is(200)["status"], "declined");
        eddie
            .post(&path, json!({ "reason": "nor tomorrow" }))
            .await?
            .is_refused(409, "conflict");
        let again = ada.post("/requests", wish).await?.is(201);
        assert_ne!(again["id"], made["id"]);
        Ok(())
    }

    /// Two servers of ours share nothing but database and cache.
    #[phasegate::test]
    async fn a_session_holds_on_every_server(site: Site) -> phasegate::Result {
        let (here, there) = (site.open().await?, site.open().await?);
        let ada = here.member("Ada").await?;
        let token = here
            .app
            .sessions
            .open(
                &here
                    .app
                    .accounts
                    .verify("Ada", crate::fixtures::people::PASSWORD)
                    .await?,
            )
            .await?
            .token;
        let elsewhere = there.anybody.carrying(&token);
        elsewhere.get("/accounts/me").await?.is(200);
        ada.delete("/sessions").await?.is(204);
        elsewhere
            .get("/accounts/me")
            .await?
            .is_refused(401, "not-signed-in");
        Ok(())
    }
}
