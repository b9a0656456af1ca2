//! Accounts and sessions.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod the_door {
    use serde_json::json;

    use crate::fixtures::Site;
    use crate::fixtures::people::PASSWORD;

    #[phasegate::test]
    async fn a_newcomer_comes_in(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let newcomer = json!({ "name": "Ada", "password": PASSWORD });
        let made = visit.anybody.post("/accounts", newcomer).await?.is(201);
        assert_eq!(made["role"], "member");
        let ada = visit.sign_in("Ada", PASSWORD).await?;
        assert_eq!(ada.get("/accounts/me").await?.is(200), made);
        Ok(())
    }

    /// Whoever asks for a role gets the one that everybody has.
    #[phasegate::test]
    async fn a_newcomer_cannot_become_an_editor(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let newcomer = json!({ "name": "Eve", "password": PASSWORD, "role": "editor" });
        let made = visit.anybody.post("/accounts", newcomer).await?.is(201);
        assert_eq!(made["role"], "member");
        let eve = visit.sign_in("Eve", PASSWORD).await?;
        eve.get("/audit").await?.is_refused(403, "forbidden");
        Ok(())
    }

    /// What is said must not tell which names exist.
    #[phasegate::test]
    async fn a_wrong_name_sounds_like_a_wrong_password(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        visit.member("Ada").await?;
        let mut said = Vec::new();
        for name in ["Ada", "Nobody"] {
            let attempt = json!({ "name": name, "password": "a wrong guess" });
            let reply = visit.anybody.post("/sessions", attempt).await?;
            said.push(reply.is_refused(401, "wrong-password"));
        }
        assert_eq!(said[0], said[1]);
        Ok(())
    }

    #[phasegate::test]
    #[case::accounts("/accounts/me")]
    #[case::titles("/titles/film/348")]
    #[case::requests("/requests")]
    #[case::devices("/devices")]
    #[case::notifications("/notifications")]
    #[case::audit("/audit")]
    async fn nobody_sees_without_a_token(site: Site, #[case] path: &str) -> phasegate::Result {
        let visit = site.open().await?;
        visit
            .anybody
            .get(path)
            .await?
            .is_refused(401, "not-signed-in");
        let forged = visit.anybody.carrying("a.forged.token");
        forged.get(path).await?.is_refused(401, "not-signed-in");
        Ok(())
    }

    #[phasegate::test(criterion = ["D-2"], tags = ["consistency"])]
    async fn a_session_does_not_outlive_its_end(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        ada.delete("/sessions/current").await?.is(204);
        ada.get("/accounts/me")
            .await?
            .is_refused(401, "not-signed-in");
        Ok(())
    }

    #[phasegate::test]
    async fn one_leaves_and_the_other_stays(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let phone = visit.member("Ada").await?;
        let tablet = visit.sign_in("Ada", PASSWORD).await?;
        phone.delete("/sessions/current").await?.is(204);
        tablet.get("/accounts/me").await?.is(200);
        tablet.delete("/sessions").await?.is(204);
        tablet
            .get("/accounts/me")
            .await?
            .is_refused(401, "not-signed-in");
        Ok(())
    }

    #[phasegate::test]
    async fn a_new_password_ends_all_sessions_but_its_own(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let thief = visit.sign_in("Ada", PASSWORD).await?;
        let change = json!({ "old": PASSWORD, "new": "an even better one" });
        let session = ada.put("/accounts/me/password", change).await?.is(200);
        thief
            .get("/accounts/me")
            .await?
            .is_refused(401, "not-signed-in");
        let token = session["token"].as_str().expect("a session has a token");
        ada.carrying(token).get("/accounts/me").await?.is(200);
        Ok(())
    }

    #[phasegate::test]
    async fn guessing_is_slowed_down(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        visit
            .app
            .accounts
            .create("Ada", PASSWORD, media_requests::accounts::Role::Member)
            .await?;
        let guess = json!({ "name": "Ada", "password": "a wrong guess" });
        for _ in 0..5 {
            let reply = visit.anybody.post("/sessions", guess.clone()).await?;
            reply.is_refused(401, "wrong-password");
        }
        let right = json!({ "name": "ada", "password": PASSWORD });
        let reply = visit.anybody.post("/sessions", right.clone()).await?;
        reply.is_refused(429, "too-many");
        assert_eq!(reply.header("retry-after"), Some("60"));
        site.clock.pass(std::time::Duration::from_secs(60));
        visit.anybody.post("/sessions", right).await?.is(201);
        Ok(())
    }

    #[phasegate::test]
    async fn refused_attempts_are_on_record(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let eddie = visit.editor("Eddie").await?;
        let guess = json!({ "name": "Ada", "password": "a wrong guess" });
        visit.anybody.post("/sessions", guess).await?.is(401);
        let log = eddie.get("/audit?subject=session").await?.is(200);
        assert_eq!(log[0]["action"], "session.refused");
        assert_eq!(log[0]["detail"], json!({ "name": "Ada" }), "no password");
        Ok(())
    }
}
