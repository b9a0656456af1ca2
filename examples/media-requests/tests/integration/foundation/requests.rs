//! Who asked for what.

#[phasegate::suite(phase = "A")]
mod wishes {
    use media_requests::accounts::Account;
    use media_requests::request::{Status, Wish};
    use media_requests::title::TitleRef;
    use media_requests::{App, Error};

    use crate::fixtures::people::member;
    use crate::fixtures::{Records, film};

    /// An application, and somebody who asks.
    async fn ada(records: &Records) -> phasegate::Result<(App, Account)> {
        let app = records.app()?;
        let ada = member(&app, "Ada").await?;
        Ok((app, ada))
    }

    fn keyed(id: i64, key: &str) -> Wish {
        Wish {
            key: Some(key.to_owned()),
            ..film(id)
        }
    }

    fn season(number: i32) -> Wish {
        Wish {
            title: TitleRef::series(1438),
            season: Some(number),
            key: None,
        }
    }

    #[phasegate::test]
    async fn begin_undecided(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let (made, new) = app.desk.requests.create(ada.id, &film(1), "One").await?;
        assert!(new);
        assert_eq!(made.status, Status::Pending);
        assert_eq!((made.account, made.wanted()), (ada.id, TitleRef::film(1)));
        assert_eq!(app.desk.requests.find(made.id).await?, made);
        Ok(())
    }

    #[phasegate::test(criterion = ["A-3"], tags = ["consistency"])]
    async fn a_double_click_is_one_request(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let (first, _) = app.desk.requests.create(ada.id, &film(1), "One").await?;
        let (second, new) = app.desk.requests.create(ada.id, &film(1), "One").await?;
        assert_eq!((second.id, new), (first.id, false), "stored twice");
        Ok(())
    }

    #[phasegate::test(criterion = ["A-3"], tags = ["consistency"])]
    async fn ten_clicks_at_once_are_one_request(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let clicks = (0..10).map(|_| {
            let requests = app.desk.requests.clone();
            tokio::spawn(async move { requests.create(ada.id, &film(1), "One").await })
        });
        let mut news = 0;
        for click in clicks.collect::<Vec<_>>() {
            let (_, new) = click.await??;
            news += usize::from(new);
        }
        let stored = app.desk.requests.list(Some(ada.id), None, None).await?;
        assert_eq!((news, stored.len()), (1, 1));
        Ok(())
    }

    #[phasegate::test]
    async fn seasons_are_requests_of_their_own(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let (first, _) = requests.create(ada.id, &season(1), "The Wire").await?;
        let (second, new) = requests.create(ada.id, &season(2), "The Wire").await?;
        assert!(new && first.id != second.id);
        Ok(())
    }

    #[phasegate::test]
    async fn a_film_and_a_series_of_one_number_differ(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        requests.create(ada.id, &film(1438), "A film").await?;
        let (_, new) = requests.create(ada.id, &season(1), "The Wire").await?;
        assert!(new);
        Ok(())
    }

    #[phasegate::test]
    async fn two_people_may_want_the_same(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let bob = member(&app, "Bob").await?;
        app.desk.requests.create(ada.id, &film(1), "One").await?;
        let (_, new) = app.desk.requests.create(bob.id, &film(1), "One").await?;
        assert!(new);
        Ok(())
    }

    #[phasegate::test]
    async fn a_key_finds_its_request_again(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let (made, _) = requests.create(ada.id, &keyed(1, "k"), "One").await?;
        requests
            .advance(made.id, Status::Cancelled, None, None, |_| async {
                Ok(None)
            })
            .await?;
        let (found, new) = requests.create(ada.id, &keyed(1, "k"), "One").await?;
        assert_eq!(
            (found.id, found.status, new),
            (made.id, Status::Cancelled, false)
        );
        Ok(())
    }

    #[phasegate::test]
    async fn a_key_is_for_one_wish(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        app.desk
            .requests
            .create(ada.id, &keyed(1, "k"), "One")
            .await?;
        let refused = app
            .desk
            .requests
            .create(ada.id, &keyed(2, "k"), "Two")
            .await;
        assert!(matches!(refused, Err(Error::Conflict(why)) if why.contains("`k`")));
        Ok(())
    }

    #[phasegate::test]
    async fn a_key_is_its_owners(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let bob = member(&app, "Bob").await?;
        app.desk
            .requests
            .create(ada.id, &keyed(1, "k"), "One")
            .await?;
        let (_, new) = app
            .desk
            .requests
            .create(bob.id, &keyed(2, "k"), "Two")
            .await?;
        assert!(new);
        Ok(())
    }

    #[phasegate::test]
    async fn what_was_cancelled_may_be_wanted_again(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let (made, _) = requests.create(ada.id, &film(1), "One").await?;
        requests
            .advance(made.id, Status::Cancelled, None, None, |_| async {
                Ok(None)
            })
            .await?;
        let (_, new) = requests.create(ada.id, &film(1), "One").await?;
        assert!(new);
        Ok(())
    }

    #[phasegate::test]
    async fn only_so_many_are_open_at_once(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        for id in 1..=4 {
            requests.create(ada.id, &film(id), "One of four").await?;
        }
        let refused = requests.create(ada.id, &film(5), "The fifth").await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
        let (_, new) = requests.create(ada.id, &film(4), "The fourth").await?;
        assert!(!new, "one that is open already is no further one");
        Ok(())
    }

    #[phasegate::test]
    async fn are_listed_newest_first_and_by_status(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let mut made = Vec::new();
        for id in 1..=3 {
            made.push(requests.create(ada.id, &film(id), "A film").await?.0.id);
        }
        requests
            .advance(made[1], Status::Declined, None, Some("no"), |_| async {
                Ok(None)
            })
            .await?;
        let ids = async |status, before| -> phasegate::Result<Vec<i64>> {
            let listed = requests.list(Some(ada.id), status, before).await?;
            Ok(listed.iter().map(|request| request.id).collect())
        };
        assert_eq!(ids(None, None).await?, [made[2], made[1], made[0]]);
        assert_eq!(ids(None, Some(made[2])).await?, [made[1], made[0]]);
        assert_eq!(ids(Some(Status::Declined), None).await?, [made[1]]);
        Ok(())
    }

    #[phasegate::test]
    async fn a_step_that_is_not_allowed_changes_nothing(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let (made, _) = requests.create(ada.id, &film(1), "One").await?;
        let refused = requests
            .advance(made.id, Status::Available, None, None, |_| async {
                Ok(None)
            })
            .await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
        assert_eq!(requests.find(made.id).await?, made);
        Ok(())
    }

    #[phasegate::test]
    async fn a_step_that_fails_on_the_way_changes_nothing(records: Records) -> phasegate::Result {
        let (app, ada) = ada(&records).await?;
        let requests = &app.desk.requests;
        let (made, _) = requests.create(ada.id, &film(1), "One").await?;
        let failed = requests
            .advance(made.id, Status::Approved, None, None, |_| async {
                Err(Error::Conflict("the server is full".to_owned()))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(requests.find(made.id).await?, made);
        Ok(())
    }

    #[phasegate::test]
    async fn of_nobody_are_refused(records: Records) -> phasegate::Result {
        let app = records.app()?;
        let refused = app.desk.requests.create(404, &film(1), "One").await;
        assert!(matches!(refused, Err(Error::Database(_))));
        Ok(())
    }
}
