//! Titles.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod titles {
    use phasegate::drivers::http::ResponseTemplate;
    use serde_json::json;

    use crate::fixtures::Site;
    use crate::services::{ALIEN, NOTHING, get};

    #[phasegate::test]
    async fn are_found_and_shown(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let found = ada.get("/titles?query=alien").await?.is(200);
        assert_eq!(found["results"][0]["id"], ALIEN);
        let title = ada.get(&format!("/titles/film/{ALIEN}")).await?.is(200);
        assert_eq!(title["year"], 1979);
        Ok(())
    }

    #[phasegate::test(criterion = ["D-2"], tags = ["consistency"])]
    async fn an_editors_note_shows_at_once(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eddie) = (visit.member("Ada").await?, visit.editor("Eddie").await?);
        let path = format!("/titles/film/{ALIEN}");
        ada.get(&path).await?.is(200);
        let note = json!({ "overview": "With a cat." });
        eddie.put(&format!("{path}/note"), note).await?.is(204);
        let title = ada.get(&path).await?.is(200);
        assert_eq!(title["overview"], "With a cat.", "the cache is stale");
        Ok(())
    }

    #[phasegate::test]
    async fn notes_are_for_editors(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let note = json!({ "overview": "Mine!" });
        let reply = ada.put(&format!("/titles/film/{ALIEN}/note"), note).await?;
        reply.is_refused(403, "forbidden");
        Ok(())
    }

    #[phasegate::test]
    #[case::no_such_film(&format!("/titles/film/{NOTHING}"), 404, "unknown")]
    #[case::no_such_kind("/titles/play/1", 422, "invalid")]
    #[case::no_number("/titles/film/alien", 422, "invalid")]
    #[case::no_query("/titles", 422, "invalid")]
    #[case::an_empty_query("/titles?query=+", 422, "invalid")]
    async fn are_refused_when_there_is(
        site: Site,
        #[case] path: &str,
        #[case] status: u16,
        #[case] code: &str,
    ) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        ada.get(path).await?.is_refused(status, code);
        Ok(())
    }

    #[phasegate::test]
    async fn an_api_that_fails_is_named_and_not_quoted(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let secret = ResponseTemplate::new(500).set_body_string("stack trace");
        site.metadata.mount(get("/films/1", secret)).await?;
        let reply = ada.get("/titles/film/1").await?;
        let said = reply.is_refused(502, "upstream");
        assert_eq!(said, "metadata API: answered 500");
        Ok(())
    }
}
