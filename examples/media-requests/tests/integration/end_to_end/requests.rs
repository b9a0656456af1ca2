//! Requests.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod wishes {
    use std::time::Duration;

    use media_requests::config::Limit;
    use reqwest::Method;
    use serde_json::json;

    use crate::fixtures::Site;
    use crate::services::{ALIEN, WIRE};

    #[phasegate::test]
    async fn are_made_shown_and_listed(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let wish = json!({ "kind": "series", "id": WIRE, "season": 3 });
        let made = ada.post("/requests", wish).await?.is(201);
        assert_eq!(made["title"], "The Wire");
        let shown = ada.get(&format!("/requests/{}", made["id"])).await?.is(200);
        assert_eq!(shown, made);
        assert_eq!(ada.get("/requests").await?.is(200), json!([made]));
        Ok(())
    }

    #[phasegate::test(criterion = ["D-2"], tags = ["consistency"])]
    async fn a_double_click_is_one(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let (one, other) = tokio::join!(ada.request_film(ALIEN), ada.request_film(ALIEN));
        let mut statuses = [one?.status, other?.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201]);
        let list = ada.get("/requests").await?.is(200);
        assert_eq!(list.as_array().map(Vec::len), Some(1), "stored twice");
        Ok(())
    }

    #[phasegate::test]
    async fn a_key_makes_a_call_safe_to_repeat(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let call = || {
            ada.call(Method::POST, "/requests")
                .header("idempotency-key", "k-1")
                .json(&json!({ "kind": "film", "id": ALIEN }))
        };
        let first = ada.send(call()).await?.is(201);
        ada.delete(&format!("/requests/{}", first["id"]))
            .await?
            .is(200);
        let again = ada.send(call()).await?.is(200);
        assert_eq!(
            (&again["id"], &again["status"]),
            (&first["id"], &json!("cancelled"))
        );
        let other = ada
            .call(Method::POST, "/requests")
            .header("idempotency-key", "k-1")
            .json(&json!({ "kind": "series", "id": WIRE, "season": 1 }));
        ada.send(other).await?.is_refused(409, "conflict");
        Ok(())
    }

    #[phasegate::test]
    async fn of_others_are_not_to_be_seen(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eve) = (visit.member("Ada").await?, visit.member("Eve").await?);
        let made = ada.request_film(ALIEN).await?.is(201);
        let path = format!("/requests/{}", made["id"]);
        eve.get(&path).await?.is_refused(404, "unknown");
        eve.delete(&path).await?.is_refused(404, "unknown");
        assert_eq!(eve.get("/requests").await?.is(200), json!([]));
        eve.get("/requests?all=true")
            .await?
            .is_refused(403, "forbidden");
        Ok(())
    }

    #[phasegate::test]
    async fn editors_see_all_of_them(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        for name in ["Ada", "Bob"] {
            let somebody = visit.member(name).await?;
            somebody.request_film(ALIEN).await?.is(201);
        }
        let eddie = visit.editor("Eddie").await?;
        let list = eddie
            .get("/requests?all=true&status=pending")
            .await?
            .is(200);
        assert_eq!(list.as_array().map(Vec::len), Some(2));
        let none = eddie
            .get("/requests?all=true&status=declined")
            .await?
            .is(200);
        assert_eq!(none, json!([]));
        Ok(())
    }

    #[phasegate::test]
    #[case::approve("approve", json!({}))]
    #[case::decline("decline", json!({ "reason": "because I can" }))]
    async fn members_do_not(
        site: Site,
        #[case] what: &str,
        #[case] body: serde_json::Value,
    ) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let made = ada.request_film(ALIEN).await?.is(201);
        let path = format!("/requests/{}/{what}", made["id"]);
        ada.post(&path, body).await?.is_refused(403, "forbidden");
        Ok(())
    }

    #[phasegate::test]
    async fn too_many_are_slowed_down(site: Site) -> phasegate::Result {
        let mut config = site.config();
        config.request_limit = Limit::new(2, Duration::from_secs(3600));
        let visit = site.open_with(&config).await?;
        let ada = visit.member("Ada").await?;
        for _ in 0..2 {
            ada.request_film(ALIEN).await?;
        }
        let reply = ada.request_film(ALIEN).await?;
        reply.is_refused(429, "too-many");
        assert_eq!(reply.header("retry-after"), Some("3600"));
        Ok(())
    }

    #[phasegate::test]
    #[case::no_json("{", "body")]
    #[case::no_kind(r#"{"id":1}"#, "body")]
    #[case::another_kind(r#"{"kind":"play","id":1}"#, "body")]
    #[case::a_season_of_a_film(r#"{"kind":"film","id":348,"season":1}"#, "season")]
    async fn that_make_no_sense_are_refused(
        site: Site,
        #[case] body: &'static str,
        #[case] field: &str,
    ) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let call = ada
            .call(Method::POST, "/requests")
            .header("content-type", "application/json")
            .body(body);
        let said = ada.send(call).await?.is_refused(422, "invalid");
        assert!(said.starts_with(&format!("`{field}`")), "{said}");
        Ok(())
    }
}
