//! Messages that must arrive at a server which may be away: the pattern
//! [`PushFlow`](crate::fixtures::PushFlow).

#[phasegate::suite(phase = "B", timeout = "10s")]
mod push_gateway {
    use std::time::Duration;

    use media_requests::Error;
    use media_requests::gateway::Gateway;
    use phasegate::WebSocket;
    use phasegate::prelude::*;
    use serde_json::json;

    fn client(server: &Lease<WebSocket>) -> Gateway {
        Gateway::new(server.url(), Duration::from_secs(5))
    }

    #[phasegate::test]
    async fn takes_what_it_is_told(server: Lease<WebSocket>) -> phasegate::Result {
        let gateway = client(&server);
        let body = json!({ "title": "Alien" });
        let (pushed, heard) = tokio::join!(gateway.push(1, 7, "an.event", &body), async {
            let peer = server.accept().await?;
            let heard = peer.next_json::<serde_json::Value>().await?;
            peer.send_json(&json!({ "ack": 1 })).await?;
            Ok::<_, phasegate::Error>(heard)
        });
        pushed?;
        assert_eq!(
            heard?,
            json!({ "id": 1, "account": 7, "event": "an.event", "body": body })
        );
        Ok(())
    }

    #[phasegate::test]
    async fn is_not_left_for_another_word(server: Lease<WebSocket>) -> phasegate::Result {
        let gateway = client(&server);
        let body = json!({});
        let (pushed, said) = tokio::join!(gateway.push(2, 7, "an.event", &body), async {
            let peer = server.accept().await?;
            peer.next().await?;
            peer.send_json(&json!({ "hello": "there" })).await?;
            peer.send_json(&json!({ "ack": 1 })).await?;
            peer.send_json(&json!({ "ack": 2 })).await
        });
        said?;
        Ok(pushed?)
    }

    #[phasegate::test]
    async fn may_refuse(server: Lease<WebSocket>) -> phasegate::Result {
        let gateway = client(&server);
        let body = json!({});
        let (pushed, said) = tokio::join!(gateway.push(1, 7, "an.event", &body), async {
            let peer = server.accept().await?;
            peer.next().await?;
            peer.send_json(&json!({ "refused": 1, "why": "no such phone" }))
                .await
        });
        said?;
        assert!(
            matches!(pushed, Err(Error::Upstream { why, .. }) if why == "refused: no such phone")
        );
        Ok(())
    }

    #[phasegate::test]
    async fn is_not_waited_for_in_vain(server: Lease<WebSocket>) -> phasegate::Result {
        let impatient = Gateway::new(server.url(), Duration::from_millis(100));
        // The server lets everybody in, and nobody there says a word.
        let pushed = impatient.push(1, 7, "an.event", &json!({})).await;
        assert!(
            matches!(pushed, Err(Error::Upstream { why, .. }) if why == "did not answer in time")
        );
        Ok(())
    }

    #[phasegate::test]
    async fn is_called_again_when_it_hangs_up(server: Lease<WebSocket>) -> phasegate::Result {
        let gateway = client(&server);
        let body = json!({});
        let (pushed, peer) = tokio::join!(gateway.push(1, 7, "an.event", &body), async {
            let peer = server.accept().await?;
            peer.next().await?;
            peer.send_json(&json!({ "ack": 1 })).await?;
            Ok::<_, phasegate::Error>(peer)
        });
        pushed?;
        peer?.abort().await?;
        let (pushed, said) = tokio::join!(gateway.push(2, 7, "an.event", &body), async {
            let peer = server.accept().await?;
            peer.next().await?;
            peer.send_json(&json!({ "ack": 2 })).await
        });
        said?;
        Ok(pushed?)
    }
}
