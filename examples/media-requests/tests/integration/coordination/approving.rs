//! A decision on its way across database, media server, audit log and notifications.

#[phasegate::suite(phase = "C", timeout = "15s")]
mod an_approval {
    use media_requests::audit::Filter;
    use media_requests::desk::Ask;
    use media_requests::request::{Request, Status};
    use media_requests::sessions::Who;
    use media_requests::title::TitleRef;
    use media_requests::{App, Error};
    use phasegate::drivers::http::ResponseTemplate;
    use serde_json::json;

    use crate::fixtures::BackEnd;
    use crate::fixtures::people::{calling, editor, member};
    use crate::services::{WIRE, post};

    /// An application, a member, an editor, and the member's request.
    async fn request(back: &BackEnd) -> phasegate::Result<(App, Who, Who, Request)> {
        let app = back.app()?;
        let ada = calling(&member(&app, "Ada").await?);
        let eddie = calling(&editor(&app, "Eddie").await?);
        let ask = Ask {
            title: TitleRef::series(WIRE),
            season: Some(2),
        };
        let (made, _) = app.desk.request(&ada, &ask, None).await?;
        Ok((app, ada, eddie, made))
    }

    /// What somebody was told.
    async fn told(app: &App, who: &Who) -> media_requests::Result<Vec<String>> {
        let unread = app.desk.notifications.unread(who.account).await?;
        Ok(unread.into_iter().map(|told| told.event).collect())
    }

    /// What the log says of a request.
    async fn logged(app: &App, request: i64) -> media_requests::Result<Vec<String>> {
        let filter = Filter {
            subject: Some(format!("request:{request}")),
            ..Filter::default()
        };
        let read = app.audit.read(&filter).await?;
        Ok(read.into_iter().map(|entry| entry.action).collect())
    }

    #[phasegate::test(criterion = ["C-3"], tags = ["telling"])]
    async fn tells_the_server_the_member_and_the_log(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        back.media_server.play("takes one order").await?;
        let approved = app.desk.approve(&eddie, made.id).await?;
        assert_eq!(approved.status, Status::Approved);
        assert_eq!(approved.job.as_deref(), Some("job-7"));
        assert_eq!(told(&app, &ada).await?, ["request.approved"]);
        assert_eq!(
            logged(&app, made.id).await?,
            ["request.made", "request.approved"]
        );
        Ok(())
    }

    #[phasegate::test]
    async fn orders_what_was_asked_for(back: BackEnd) -> phasegate::Result {
        let (app, _, eddie, made) = request(&back).await?;
        back.media_server.play("takes one order").await?;
        app.desk.approve(&eddie, made.id).await?;
        let calls = back.media_server.calls().await?;
        let order: serde_json::Value = calls.last().expect("an order").json()?;
        let wanted = json!({ "kind": "series", "id": WIRE, "season": 2, "reference": made.id });
        assert_eq!(order, wanted);
        Ok(())
    }

    #[phasegate::test(criterion = ["C-3"], tags = ["telling"])]
    async fn nothing_happens_while_the_server_is_down(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        back.media_server.play("is down").await?;
        let refused = app.desk.approve(&eddie, made.id).await;
        assert!(matches!(refused, Err(Error::Upstream { .. })));
        assert_eq!(app.desk.requests.find(made.id).await?, made);
        assert!(told(&app, &ada).await?.is_empty());
        assert_eq!(logged(&app, made.id).await?, ["request.made"]);
        Ok(())
    }

    #[phasegate::test]
    async fn may_be_tried_again_when_the_server_is_back(back: BackEnd) -> phasegate::Result {
        let (app, _, eddie, made) = request(&back).await?;
        let busy = post("/downloads", ResponseTemplate::new(503));
        back.media_server.play("takes one order").await?;
        back.media_server.mount(busy.up_to_n_times(1)).await?;
        assert!(app.desk.approve(&eddie, made.id).await.is_err());
        assert!(app.desk.approve(&eddie, made.id).await.is_ok());
        Ok(())
    }

    #[phasegate::test(criterion = ["C-2"], tags = ["consistency"])]
    async fn two_editors_at_once_order_once(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        let erin = calling(&editor(&app, "Erin").await?);
        back.media_server.play("takes one order").await?;
        let (one, other) = tokio::join!(
            app.desk.approve(&eddie, made.id),
            app.desk.approve(&erin, made.id),
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        assert_eq!(told(&app, &ada).await?.len(), 1);
        Ok(())
    }

    #[phasegate::test]
    async fn is_for_editors(back: BackEnd) -> phasegate::Result {
        let (app, ada, _, made) = request(&back).await?;
        let refused = app.desk.approve(&ada, made.id).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        assert_eq!(app.desk.requests.find(made.id).await?, made);
        Ok(())
    }

    #[phasegate::test]
    async fn a_refusal_says_why(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        app.desk.decline(&eddie, made.id, "  too violent ").await?;
        let unread = app.desk.notifications.unread(ada.account).await?;
        assert_eq!(unread[0].event, "request.declined");
        assert_eq!(unread[0].body["reason"], "too violent");
        let found = app.desk.requests.find(made.id).await?;
        assert_eq!(found.reason.as_deref(), Some("too violent"));
        Ok(())
    }

    #[phasegate::test]
    async fn a_refusal_without_a_reason_is_none(back: BackEnd) -> phasegate::Result {
        let (app, _, eddie, made) = request(&back).await?;
        let refused = app.desk.decline(&eddie, made.id, " ").await;
        assert!(matches!(
            refused,
            Err(Error::Invalid {
                field: "reason",
                ..
            })
        ));
        assert_eq!(app.desk.requests.find(made.id).await?, made);
        Ok(())
    }

    #[phasegate::test]
    async fn what_was_taken_back_is_not_ordered(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        app.desk.cancel(&ada, made.id).await?;
        let refused = app.desk.approve(&eddie, made.id).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
        assert!(told(&app, &ada).await?.is_empty());
        Ok(())
    }

    #[phasegate::test]
    async fn nobody_takes_anothers_back(back: BackEnd) -> phasegate::Result {
        let (app, _, eddie, made) = request(&back).await?;
        let refused = app.desk.cancel(&eddie, made.id).await;
        assert!(matches!(refused, Err(Error::Unknown { .. })));
        Ok(())
    }

    #[phasegate::test]
    async fn what_arrives_is_told_once(back: BackEnd) -> phasegate::Result {
        let (app, ada, eddie, made) = request(&back).await?;
        back.media_server.play("takes one order").await?;
        app.desk.approve(&eddie, made.id).await?;
        for _ in 0..2 {
            let arrived = app.desk.fulfil(made.id).await?;
            assert_eq!(arrived.status, Status::Available);
            assert_eq!(arrived.job.as_deref(), Some("job-7"));
        }
        assert_eq!(
            told(&app, &ada).await?,
            ["request.approved", "request.available"]
        );
        Ok(())
    }

    #[phasegate::test]
    async fn what_was_not_ordered_cannot_arrive(back: BackEnd) -> phasegate::Result {
        let (app, ada, _, made) = request(&back).await?;
        let refused = app.desk.fulfil(made.id).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
        assert!(told(&app, &ada).await?.is_empty());
        Ok(())
    }
}
