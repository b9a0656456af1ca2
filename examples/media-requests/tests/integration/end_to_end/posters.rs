//! Posters.

#[phasegate::suite(phase = "D", timeout = "20s")]
mod uploads {
    use crate::fixtures::{Browser, POSTER_BYTES, Site, png, webp};
    use crate::services::ALIEN;

    /// Where the poster of a new request goes.
    async fn place(somebody: &Browser) -> phasegate::Result<String> {
        let made = somebody.request_film(ALIEN).await?.is(201);
        Ok(format!("/requests/{}/poster", made["id"]))
    }

    /// How many files there are.
    fn files(site: &Site) -> phasegate::Result<usize> {
        Ok(std::fs::read_dir(site.files.path())?.count())
    }

    #[phasegate::test]
    async fn come_back_as_they_were_sent(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let place = place(&ada).await?;
        ada.upload(&place, webp("x")).await?.is(201);
        let reply = ada.get(&place).await?;
        assert_eq!((reply.status, &reply.bytes), (200, &webp("x")));
        assert_eq!(reply.header("content-type"), Some("image/webp"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        Ok(())
    }

    #[phasegate::test]
    async fn too_large_ones_are_refused(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let place = place(&ada).await?;
        for bytes in [POSTER_BYTES + 1, 20 * POSTER_BYTES] {
            let mut picture = png("");
            picture.resize(bytes, 0);
            let said = ada
                .upload(&place, picture)
                .await?
                .is_refused(413, "too-large");
            assert!(said.contains(&POSTER_BYTES.to_string()), "{said}");
        }
        assert_eq!(files(&site)?, 0);
        Ok(())
    }

    #[phasegate::test]
    async fn only_pictures_are_taken(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let place = place(&ada).await?;
        let page = b"<html><script>alert(1)</script>".to_vec();
        ada.upload(&place, page)
            .await?
            .is_refused(415, "no-picture");
        ada.get(&place).await?.is_refused(404, "unknown");
        assert_eq!(files(&site)?, 0);
        Ok(())
    }

    #[phasegate::test]
    async fn of_others_requests_are_not_taken(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let (ada, eve) = (visit.member("Ada").await?, visit.member("Eve").await?);
        let place = place(&ada).await?;
        eve.upload(&place, png("x"))
            .await?
            .is_refused(404, "unknown");
        assert_eq!(files(&site)?, 0);
        Ok(())
    }

    /// The database fails between the file and its record.
    #[phasegate::test(criterion = ["D-2"], tags = ["consistency"])]
    async fn no_file_stays_when_the_database_fails(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let place = place(&ada).await?;
        let client = site.db.client().await?;
        client
            .batch_execute("ALTER TABLE poster RENAME TO away")
            .await?;
        ada.upload(&place, png("x"))
            .await?
            .is_refused(503, "database");
        assert_eq!(files(&site)?, 0, "an orphan was left");
        Ok(())
    }

    #[phasegate::test]
    async fn are_removed(site: Site) -> phasegate::Result {
        let visit = site.open().await?;
        let ada = visit.member("Ada").await?;
        let place = place(&ada).await?;
        ada.upload(&place, png("x")).await?.is(201);
        ada.delete(&place).await?.is(204);
        ada.get(&place).await?.is_refused(404, "unknown");
        assert_eq!(files(&site)?, 0);
        Ok(())
    }
}
