//! Tokens that are stored and cached, and that nobody can read: the pattern
//! [`DeviceSessions`](crate::fixtures::DeviceSessions).

#[phasegate::suite(phase = "B", timeout = "10s")]
mod device_sessions {
    use media_requests::accounts::Account;
    use media_requests::{App, Error};
    use phasegate::drivers::http::matchers::method;
    use phasegate::drivers::http::{Mock, ResponseTemplate};
    use redis::AsyncCommands;
    use serde_json::json;

    use crate::fixtures::DeviceSessions;
    use crate::fixtures::people::member;
    use crate::services::post;

    const TOKEN: &str = "token-of-the-device";

    /// An application, somebody, and the number of a phone that is linked.
    async fn phone(sessions: &DeviceSessions) -> phasegate::Result<(App, Account, i64)> {
        let app = sessions.app()?;
        let ada = member(&app, "Ada").await?;
        sessions.server.play("links a device").await?;
        let phone = app.devices.link(ada.id, "phone", "1234").await?;
        Ok((app, ada, phone.id))
    }

    /// Everything that the cache holds, as bytes.
    async fn cached(sessions: &DeviceSessions) -> phasegate::Result<Vec<Vec<u8>>> {
        let mut client = sessions.cache.client().await?;
        let mut all = Vec::new();
        for key in client.keys::<_, Vec<String>>("*").await? {
            all.push(client.get(key).await?);
        }
        Ok(all)
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }

    #[phasegate::test(criterion = ["B-4"], tags = ["secrets"])]
    async fn give_back_the_token(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        for _ in 0..2 {
            assert_eq!(app.devices.token(ada.id, phone).await?.expose(), TOKEN);
        }
        Ok(())
    }

    #[phasegate::test(criterion = ["B-4"], tags = ["secrets"])]
    async fn the_database_cannot_read_it(sessions: DeviceSessions) -> phasegate::Result {
        phone(&sessions).await?;
        let client = sessions.db.client().await?;
        let row = client.query_one("SELECT sealed FROM device", &[]).await?;
        assert!(!holds(row.get(0), TOKEN));
        Ok(())
    }

    #[phasegate::test(criterion = ["B-4"], tags = ["secrets"])]
    async fn the_cache_cannot_read_it(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        let cached = cached(&sessions).await?;
        assert_eq!(cached.len(), 1);
        assert!(!holds(&cached[0], TOKEN));
        Ok(())
    }

    #[phasegate::test]
    async fn the_second_time_the_database_is_not_asked(
        sessions: DeviceSessions,
    ) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        let client = sessions.db.client().await?;
        client
            .batch_execute("ALTER TABLE device RENAME TO away")
            .await?;
        assert_eq!(app.devices.token(ada.id, phone).await?.expose(), TOKEN);
        Ok(())
    }

    #[phasegate::test]
    async fn an_emptied_cache_is_filled_again(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        sessions.cache.reset().await?;
        assert_eq!(app.devices.token(ada.id, phone).await?.expose(), TOKEN);
        Ok(())
    }

    #[phasegate::test]
    async fn nobody_speaks_for_anothers(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        let eve = member(&app, "Eve").await?;
        let refused = app.devices.token(eve.id, phone).await;
        assert!(matches!(
            refused,
            Err(Error::Unknown { what: "device", .. })
        ));
        Ok(())
    }

    /// Whoever can write to the database gives themselves another's sealed token: it does not open.
    #[phasegate::test]
    async fn a_token_does_not_open_in_anothers_row(sessions: DeviceSessions) -> phasegate::Result {
        let (app, _, _) = phone(&sessions).await?;
        let eve = member(&app, "Eve").await?;
        let client = sessions.db.client().await?;
        let stolen = client
            .query_one(
                "INSERT INTO device (account_id, name, sealed)
                 SELECT $1, name, sealed FROM device RETURNING id",
                &[&eve.id],
            )
            .await?;
        let stolen: i64 = stolen.get(0);
        let refused = app.devices.token(eve.id, stolen).await;
        assert!(matches!(refused, Err(Error::Unsealable)));
        Ok(())
    }

    #[phasegate::test]
    async fn another_key_opens_nothing(sessions: DeviceSessions) -> phasegate::Result {
        let (_, ada, phone) = phone(&sessions).await?;
        let refused = sessions.under_another_key()?.token(ada.id, phone).await;
        assert!(matches!(refused, Err(Error::Unsealable)));
        Ok(())
    }

    #[phasegate::test]
    async fn linking_again_brings_the_new_token(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        let again = ResponseTemplate::new(201).set_body_json(json!({ "token": "a newer one" }));
        sessions.server.mount(post("/devices", again)).await?;
        let linked = app.devices.link(ada.id, "phone", "5678").await?;
        assert_eq!(linked.id, phone);
        let token = app.devices.token(ada.id, phone).await?;
        assert_eq!(token.expose(), "a newer one", "the cache is stale");
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_unlinked_is_gone_everywhere(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        app.devices.token(ada.id, phone).await?;
        let gone = Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204));
        sessions.server.mount(gone.expect(1)).await?;
        app.devices.unlink(ada.id, phone).await?;
        assert!(app.devices.list(ada.id).await?.is_empty());
        assert!(cached(&sessions).await?.is_empty());
        let refused = app.devices.token(ada.id, phone).await;
        assert!(matches!(refused, Err(Error::Unknown { .. })));
        Ok(())
    }

    /// A token that the server still honours must not be forgotten here.
    #[phasegate::test]
    async fn stay_linked_while_the_server_is_down(sessions: DeviceSessions) -> phasegate::Result {
        let (app, ada, phone) = phone(&sessions).await?;
        sessions.server.play("is down").await?;
        let refused = app.devices.unlink(ada.id, phone).await;
        assert!(matches!(refused, Err(Error::Upstream { .. })));
        assert_eq!(app.devices.list(ada.id).await?.len(), 1);
        Ok(())
    }

    #[phasegate::test]
    async fn a_wrong_pin_links_nothing(sessions: DeviceSessions) -> phasegate::Result {
        let app = sessions.app()?;
        let ada = member(&app, "Ada").await?;
        let refusal = post("/devices", ResponseTemplate::new(403));
        sessions.server.mount(refusal).await?;
        let refused = app.devices.link(ada.id, "phone", "0000").await;
        assert!(matches!(refused, Err(Error::Invalid { field: "pin", .. })));
        assert!(app.devices.list(ada.id).await?.is_empty());
        Ok(())
    }
}
