//! Who did what, for ever.

#[phasegate::suite(phase = "A")]
mod the_log {
    use media_requests::audit::Filter;
    use serde_json::json;

    use crate::fixtures::people::member;
    use crate::fixtures::{Records, film};

    #[phasegate::test]
    async fn tells_what_happened_in_order(records: Records) -> phasegate::Result {
        let audit = records.app()?.audit;
        for (actor, action) in [(Some(1), "a.first"), (None, "a.second")] {
            audit
                .add(actor, action, "thing:1", json!({ "x": 1 }))
                .await?;
        }
        let read = audit.read(&Filter::default()).await?;
        let told: Vec<_> = read.iter().map(|e| (e.actor, e.action.as_str())).collect();
        assert_eq!(told, [(Some(1), "a.first"), (None, "a.second")]);
        assert_eq!(read[0].detail, json!({ "x": 1 }));
        assert!(read[0].at > 0);
        Ok(())
    }

    #[phasegate::test]
    async fn is_read_by_subject_actor_and_place(records: Records) -> phasegate::Result {
        let audit = records.app()?.audit;
        for (actor, subject) in [(1, "thing:1"), (2, "thing:1"), (1, "thing:2")] {
            audit
                .add(Some(actor), "a.thing", subject, json!({}))
                .await?;
        }
        let count = async |filter: Filter| audit.read(&filter).await.map(|read| read.len());
        let by_subject = Filter {
            subject: Some("thing:1".to_owned()),
            ..Filter::default()
        };
        let by_actor = Filter {
            actor: Some(1),
            ..Filter::default()
        };
        let first = audit.read(&Filter::default()).await?[0].id;
        let after = Filter {
            after: Some(first),
            ..by_actor.clone()
        };
        assert_eq!(count(by_subject).await?, 2);
        assert_eq!(count(by_actor).await?, 2);
        assert_eq!(count(after).await?, 1);
        Ok(())
    }

    #[phasegate::test]
    #[case::changed("UPDATE audit SET action = 'nothing'")]
    #[case::shortened("DELETE FROM audit")]
    #[case::emptied("TRUNCATE audit")]
    async fn cannot_be(records: Records, #[case] statement: &str) -> phasegate::Result {
        let audit = records.app()?.audit;
        audit.add(None, "a.thing", "thing:1", json!({})).await?;
        let refused = records.db.client().await?.batch_execute(statement).await;
        let why = refused.expect_err("the log lets nobody do that");
        let why = why.as_db_error().map(|db| db.message().to_owned());
        assert_eq!(why.as_deref(), Some("the audit log is only ever added to"));
        assert_eq!(audit.read(&Filter::default()).await?.len(), 1);
        Ok(())
    }

    #[phasegate::test]
    async fn tells_of_a_request_once_however_often_it_is_made(
        records: Records,
    ) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        for _ in 0..3 {
            app.desk.requests.create(ada.id, &film(1), "One").await?;
        }
        let read = app.audit.read(&Filter::default()).await?;
        let told: Vec<_> = read.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(told, ["request.made"]);
        Ok(())
    }

    /// Line and request are one transaction: what was not done is not told.
    #[phasegate::test]
    async fn tells_nothing_of_what_was_refused(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        for id in 1..=5 {
            let _ = app.desk.requests.create(ada.id, &film(id), "A film").await;
        }
        assert_eq!(app.audit.read(&Filter::default()).await?.len(), 4);
        Ok(())
    }
}
