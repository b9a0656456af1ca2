//! What people are told, kept until they have read it.

#[phasegate::suite(phase = "C", timeout = "15s")]
mod messages {
    use serde_json::json;

    use crate::fixtures::Records;
    use crate::fixtures::people::member;

    #[phasegate::test]
    async fn wait_until_they_are_read(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?.id;
        let notifications = &app.desk.notifications;
        let first = notifications.notify(ada, "a.first", json!({})).await?;
        let second = notifications.notify(ada, "a.second", json!({})).await?;
        assert_eq!(
            notifications.unread(ada).await?,
            [first.clone(), second.clone()]
        );
        notifications.read(ada, first.id).await?;
        assert_eq!(notifications.unread(ada).await?, [second]);
        Ok(())
    }

    #[phasegate::test]
    async fn are_read_by_their_owner_only(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?.id;
        let eve = member(&app, "Eve").await?.id;
        let told = app
            .desk
            .notifications
            .notify(ada, "an.event", json!({}))
            .await?;
        app.desk.notifications.read(eve, told.id).await?;
        assert_eq!(app.desk.notifications.unread(ada).await?, [told]);
        assert!(app.desk.notifications.unread(eve).await?.is_empty());
        Ok(())
    }

    #[phasegate::test]
    async fn come_live_to_who_is_looking(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?.id;
        let mut live = app.desk.notifications.watch();
        let told = app
            .desk
            .notifications
            .notify(ada, "an.event", json!({}))
            .await?;
        assert_eq!(live.recv().await?, told);
        Ok(())
    }

    /// What was not stored was not said.
    #[phasegate::test]
    async fn to_nobody_are_not_said(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let mut live = app.desk.notifications.watch();
        let refused = app
            .desk
            .notifications
            .notify(404, "an.event", json!({}))
            .await;
        assert!(refused.is_err());
        assert!(live.try_recv().is_err());
        Ok(())
    }
}
