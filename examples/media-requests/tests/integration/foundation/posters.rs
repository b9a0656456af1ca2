//! Files, and a record of each.

#[phasegate::suite(phase = "A")]
mod pictures {
    use media_requests::Error;
    use media_requests::posters::media_type;

    use crate::fixtures::{POSTER_BYTES, UploadFlow, jpeg, png, webp};

    #[phasegate::test]
    async fn there_are_none_at_first(flow: UploadFlow) -> phasegate::Result {
        assert!(flow.stored()?.is_empty(), "another test's files are here");
        Ok(())
    }

    #[phasegate::test]
    #[case::png(png("x"), "image/png", "png")]
    #[case::jpeg(jpeg("x"), "image/jpeg", "jpg")]
    #[case::webp(webp("x"), "image/webp", "webp")]
    async fn are_given_back_as(
        flow: UploadFlow,
        #[case] picture: Vec<u8>,
        #[case] media_type: &str,
        #[case] ending: &str,
    ) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        let stored = app.posters.store(request, &picture).await?;
        let (poster, loaded) = app.posters.load(request).await?;
        assert_eq!((&poster, &loaded), (&stored, &picture));
        assert_eq!(poster.media_type, media_type);
        assert!(poster.file.ends_with(ending));
        assert_eq!(flow.stored()?, [poster.file]);
        Ok(())
    }

    #[phasegate::test(tags = ["quick"])]
    #[case::empty(b"")]
    #[case::half_a_png(b"\x89PNG")]
    #[case::sound(b"RIFF\x10\0\0\0WAVE")]
    #[case::a_page(b"<html><script>alert(1)</script>")]
    #[case::a_drawing(b"<svg xmlns='http://www.w3.org/2000/svg'/>")]
    fn what_is_no_picture_is_known(#[case] bytes: &[u8]) {
        assert_eq!(media_type(bytes), None);
    }

    #[phasegate::test]
    async fn what_is_no_picture_leaves_nothing(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        let refused = app.posters.store(request, b"#!/bin/sh").await;
        assert!(matches!(refused, Err(Error::NoPicture)));
        assert!(flow.stored()?.is_empty());
        Ok(())
    }

    #[phasegate::test]
    async fn may_be_as_large_as_allowed(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        let mut picture = png("");
        picture.resize(POSTER_BYTES, 0);
        assert!(app.posters.store(request, &picture).await.is_ok());
        picture.push(0);
        let refused = app.posters.store(request, &picture).await;
        assert!(matches!(
            refused,
            Err(Error::TooLarge {
                limit: POSTER_BYTES
            })
        ));
        Ok(())
    }

    #[phasegate::test]
    async fn a_new_one_takes_the_place_of_the_old(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        app.posters.store(request, &png("old")).await?;
        let new = app.posters.store(request, &jpeg("new")).await?;
        assert_eq!(flow.stored()?, [new.file]);
        assert_eq!(app.posters.load(request).await?.1, jpeg("new"));
        Ok(())
    }

    #[phasegate::test]
    async fn the_same_one_again_changes_nothing(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        let first = app.posters.store(request, &png("x")).await?;
        assert_eq!(app.posters.store(request, &png("x")).await?, first);
        assert_eq!(app.posters.load(request).await?.1, png("x"));
        Ok(())
    }

    #[phasegate::test(criterion = ["A-3"], tags = ["consistency"])]
    async fn no_file_stays_without_a_record(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let refused = app.posters.store(404, &png("x")).await;
        assert!(matches!(
            refused,
            Err(Error::Unknown {
                what: "request",
                ..
            })
        ));
        assert_eq!(flow.stored()?, Vec::<String>::new(), "an orphan was left");
        Ok(())
    }

    #[phasegate::test]
    async fn are_removed_with_their_record(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        app.posters.store(request, &png("x")).await?;
        app.posters.remove(request).await?;
        assert!(flow.stored()?.is_empty());
        let gone = app.posters.load(request).await;
        assert!(matches!(gone, Err(Error::Unknown { .. })));
        Ok(())
    }

    /// A directory that somebody took away is the operator's trouble, not the member's.
    #[phasegate::test]
    async fn a_directory_that_is_gone_is_said(flow: UploadFlow) -> phasegate::Result {
        let app = flow.app()?;
        let request = flow.request(&app).await?;
        std::fs::remove_dir(flow.files.path())?;
        let refused = app.posters.store(request, &png("x")).await;
        std::fs::create_dir(flow.files.path())?;
        assert!(matches!(refused, Err(Error::Disk(_))));
        assert!(
            app.posters.load(request).await.is_err(),
            "a record was made"
        );
        Ok(())
    }
}
