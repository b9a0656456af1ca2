//! Notifications by websocket.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod the_websocket {
    use serde_json::json;

    use crate::fixtures::{Browser, Site};
    use crate::services::ALIEN;

    /// A request that an editor declines.
    async fn declined(ada: &Browser, eddie: &Browser) -> phasegate::Result {
        let made = ada.request_film(ALIEN).await?;
        let path = format!("/requests/{}/decline", made.is(201)["id"]);
        eddie.post(&path, json!({ "reason": "no" })).await?.is(200);
        Ok(())
    }

    #[phasegate::test]
    async fn tells_what_happens_while_one_looks(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        let mut live = ada.watch().await?;
        declined(&ada, &eddie).await?;
        let told = live.next().await?;
        assert_eq!(told["event"], "request.declined");
        assert_eq!(told["body"]["title"], "Alien");
        Ok(())
    }

    #[phasegate::test]
    async fn tells_what_one_has_missed(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        declined(&ada, &eddie).await?;
        let mut live = ada.watch().await?;
        assert_eq!(live.next().await?["event"], "request.declined");
        declined(&ada, &eddie).await?;
        let (first, second) = (ada.get("/notifications").await?.is(200), live.next().await?);
        assert_eq!(first[1], second);
        Ok(())
    }

    #[phasegate::test]
    async fn does_not_tell_what_was_read(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        declined(&ada, &eddie).await?;
        declined(&ada, &eddie).await?;
        let mut live = ada.watch().await?;
        let first = live.next().await?;
        let second = live.next().await?;
        live.say(json!({ "read": first["id"] })).await?;
        // What it says next proves that it has heard: an end, because this is no sentence.
        live.say(json!("goodbye")).await?;
        assert_eq!(live.closed().await?, 1007);
        assert_eq!(ada.watch().await?.next().await?, second);
        Ok(())
    }

    #[phasegate::test]
    async fn tells_nothing_of_others(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eve) = (visit.member("Ada").await?, visit.member("Eve").await?);
        let eddie = visit.editor("Eddie").await?;
        let mut live = eve.watch().await?;
        declined(&ada, &eddie).await?;
        declined(&eve, &eddie).await?;
        let told = live.next().await?;
        let me = eve.get("/accounts/me").await?.is(200);
        assert_eq!(
            told["account"], me["id"],
            "the first that she hears is hers"
        );
        Ok(())
    }

    #[phasegate::test]
    async fn is_for_those_who_are_signed_in(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        assert!(visit.anybody.watch().await.is_err());
        Ok(())
    }
}
