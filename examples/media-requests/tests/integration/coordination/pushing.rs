//! What people are told, on its way to their phones.

#[phasegate::suite(phase = "C", timeout = "15s")]
mod phones {
    use phasegate::drivers::websocket::Peer;
    use serde_json::{Value, json};

    use crate::fixtures::PushFlow;
    use crate::fixtures::people::member;

    /// Takes the next one, and says so; its number.
    async fn take(peer: &Peer) -> phasegate::Result<i64> {
        let told: Value = peer.next_json().await?;
        peer.send_json(&json!({ "ack": told["id"] })).await?;
        Ok(told["id"].as_i64().expect("a notification has a number"))
    }

    /// Numbers of what is still to be pushed.
    async fn waiting(flow: &PushFlow) -> phasegate::Result<Vec<i64>> {
        let client = flow.db.client().await?;
        let rows = client
            .query(
                "SELECT id FROM notification WHERE NOT pushed ORDER BY id",
                &[],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    #[phasegate::test]
    async fn what_is_told_is_pushed(flow: PushFlow) -> phasegate::Result {
        let app = flow.app()?;
        let ada = member(&app, "Ada").await?.id;
        let (told, taken) = tokio::join!(
            app.desk.notifications.notify(ada, "an.event", json!({})),
            async { take(&flow.gateway.accept().await?).await },
        );
        assert_eq!(told?.id, taken?);
        assert!(waiting(&flow).await?.is_empty());
        Ok(())
    }

    #[phasegate::test]
    async fn many_go_through_one_connection(flow: PushFlow) -> phasegate::Result {
        let app = flow.app()?;
        let ada = member(&app, "Ada").await?.id;
        let gateway = async {
            let peer = flow.gateway.accept().await?;
            for _ in 0..3 {
                take(&peer).await?;
            }
            Ok::<_, phasegate::Error>(peer.number())
        };
        let telling = async {
            for _ in 0..3 {
                app.desk
                    .notifications
                    .notify(ada, "an.event", json!({}))
                    .await?;
            }
            Ok::<_, phasegate::Error>(())
        };
        let (told, number) = tokio::join!(telling, gateway);
        told?;
        assert_eq!(number?, 1);
        assert!(waiting(&flow).await?.is_empty());
        Ok(())
    }

    #[phasegate::test(criterion = ["C-3"], tags = ["telling"])]
    async fn what_the_gateway_missed_is_kept(flow: PushFlow) -> phasegate::Result {
        let app = flow.app()?;
        let ada = member(&app, "Ada").await?.id;
        let notifications = &app.desk.notifications;
        let (told, _) = tokio::join!(notifications.notify(ada, "an.event", json!({})), async {
            // The connection breaks under it.
            flow.gateway.accept().await?.abort().await
        });
        let told = told?.id;
        assert_eq!(waiting(&flow).await?, [told]);
        assert_eq!(
            notifications.unread(ada).await?.len(),
            1,
            "the member still sees it"
        );
        Ok(())
    }

    #[phasegate::test(criterion = ["C-3"], tags = ["telling"])]
    async fn what_was_kept_is_pushed_in_order(flow: PushFlow) -> phasegate::Result {
        let app = flow.app()?;
        let ada = member(&app, "Ada").await?.id;
        let client = flow.db.client().await?;
        client
            .execute(
                "INSERT INTO notification (account_id, event, body)
                 SELECT $1, 'an.event', '{}' FROM generate_series(1, 3)",
                &[&ada],
            )
            .await?;
        let kept = waiting(&flow).await?;
        let gateway = async {
            let peer = flow.gateway.accept().await?;
            let mut taken = Vec::new();
            for _ in 0..3 {
                taken.push(take(&peer).await?);
            }
            Ok::<_, phasegate::Error>(taken)
        };
        let (pushed, taken) = tokio::join!(app.desk.notifications.push_again(), gateway);
        assert_eq!((pushed?, taken?), (3, kept));
        assert_eq!(app.desk.notifications.push_again().await?, 0);
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_refused_holds_up_what_comes_after(flow: PushFlow) -> phasegate::Result {
        let app = flow.app()?;
        let ada = member(&app, "Ada").await?.id;
        let client = flow.db.client().await?;
        client
            .execute(
                "INSERT INTO notification (account_id, event, body)
                 SELECT $1, 'an.event', '{}' FROM generate_series(1, 3)",
                &[&ada],
            )
            .await?;
        let kept = waiting(&flow).await?;
        let gateway = async {
            let peer = flow.gateway.accept().await?;
            take(&peer).await?;
            let told: Value = peer.next_json().await?;
            peer.send_json(&json!({ "refused": told["id"] })).await
        };
        let (pushed, said) = tokio::join!(app.desk.notifications.push_again(), gateway);
        said?;
        assert!(pushed.is_err());
        assert_eq!(waiting(&flow).await?, kept[1..]);
        Ok(())
    }
}
