//! Phase A: each boundary by itself.

use phasegate::prelude::*;

use crate::fixtures::{Catalogue, MetadataApi, Shelves, Stock};

#[phasegate::suite(phase = "A", tags = ["quick"])]
mod isbn {
    use quickstart::Isbn;

    #[phasegate::test]
    fn hyphens_do_not_matter() -> phasegate::Result {
        assert_eq!(
            "978-0-14-143958-7".parse::<Isbn>()?.as_str(),
            "9780141439587"
        );
        Ok(())
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::one_digit_wrong("9780141439588")]
    #[case::too_short("978014143958")]
    #[case::a_path("../../etc/passwd")]
    #[case::digits_of_another_script("٩٧٨٠١٤١٤٣٩٥٨٧")]
    fn what_is_no_isbn_is_refused(#[case] text: &str) {
        let error = text.parse::<Isbn>().expect_err("it is no ISBN");
        assert!(
            error
                .to_string()
                .starts_with(&format!("`{text}` is no ISBN"))
        );
    }
}

#[phasegate::suite(phase = "A")]
mod catalogue {
    use super::*;

    #[phasegate::test]
    fn starts_empty(catalogue: Catalogue) -> phasegate::Result {
        assert_eq!(catalogue.count()?, 0, "another test's books are here");
        Ok(())
    }

    #[phasegate::test]
    fn takes_the_whole_stock(catalogue: Catalogue, stock: Shared<Stock>) -> phasegate::Result {
        catalogue.add_all(stock.books())?;
        for book in stock.books() {
            assert_eq!(catalogue.find(&book.isbn)?.as_ref(), Some(book));
        }
        Ok(())
    }

    #[phasegate::test]
    fn takes_all_books_or_none(catalogue: Catalogue, stock: Shared<Stock>) -> phasegate::Result {
        let (first, rest) = stock.books().split_first().expect("the stock has books");
        catalogue.add(first)?;
        assert!(catalogue.add_all(rest.iter().chain([first])).is_err());
        assert_eq!(catalogue.count()?, 1);
        Ok(())
    }

    #[phasegate::test]
    #[case::title("emma", &["Emma"])]
    #[case::author("AUSTEN", &["Emma", "Pride and Prejudice"])]
    #[case::unicode("Misérables", &["Les Misérables"])]
    #[case::no_wildcard("%", &[])]
    #[case::no_injection("' OR 1 = 1 --", &[])]
    fn finds(
        catalogue: Catalogue,
        stock: Shared<Stock>,
        #[case] text: &str,
        #[case] titles: &[&str],
    ) -> phasegate::Result {
        catalogue.add_all(stock.books())?;
        let found = catalogue.search(text)?;
        assert_eq!(
            found.iter().map(|book| &book.title).collect::<Vec<_>>(),
            titles
        );
        Ok(())
    }

    #[phasegate::test]
    fn an_empty_catalogue_has_no_best_match(catalogue: Catalogue) -> phasegate::Result {
        assert_eq!(catalogue.best_match("Emma")?, None);
        Ok(())
    }

    #[phasegate::test]
    fn references_may_lead_back(catalogue: Catalogue, stock: Shared<Stock>) -> phasegate::Result {
        catalogue.add_all(stock.books())?;
        let [emma, walden, ulysses] = ["Emma", "Walden", "Ulysses"].map(|title| stock.isbn(title));
        catalogue.refer(emma, walden)?;
        catalogue.refer(walden, ulysses)?;
        catalogue.refer(ulysses, emma)?;
        assert_eq!(catalogue.see_also(emma)?, [walden.clone(), ulysses.clone()]);
        Ok(())
    }
}

#[phasegate::suite(phase = "A")]
mod loans {
    use quickstart::Error;

    use super::*;

    #[phasegate::test]
    fn a_book_is_lent_once(catalogue: Catalogue, stock: Shared<Stock>) -> phasegate::Result {
        catalogue.add_all(stock.books())?;
        let emma = stock.isbn("Emma");
        catalogue.lend(emma, "Knightley", 14)?;
        let refusal = catalogue.lend(emma, "Churchill", 14);
        assert!(matches!(refusal, Err(Error::Lent { reader, .. }) if reader == "Knightley"));
        catalogue.take_back(emma)?;
        assert_eq!(catalogue.lend(emma, "Churchill", 14)?, 14);
        Ok(())
    }

    #[phasegate::test]
    fn only_what_is_there_is_lent(catalogue: Catalogue, stock: Shared<Stock>) {
        let refusal = catalogue.lend(stock.isbn("Emma"), "Knightley", 14);
        assert!(matches!(refusal, Err(Error::Unknown(_))));
    }

    #[phasegate::test(should_panic = "at least one day")]
    fn no_loan_lasts_no_day(catalogue: Catalogue, stock: Shared<Stock>) {
        let _ = catalogue.lend(stock.isbn("Emma"), "Knightley", 0);
    }
}

#[phasegate::suite(phase = "A")]
mod shelves {
    use super::*;

    #[phasegate::test]
    fn start_empty(shelves: Shelves) -> phasegate::Result {
        assert_eq!(shelves.count()?, 0, "another test's books are here");
        Ok(())
    }

    #[phasegate::test]
    fn give_back_what_was_put(shelves: Shelves, stock: Shared<Stock>) -> phasegate::Result {
        let text = "Emma Woodhouse, handsome,\nclever, and rich – \u{1f4da}";
        shelves.put(stock.isbn("Emma"), text)?;
        assert_eq!(shelves.get(stock.isbn("Emma"))?.as_deref(), Some(text));
        assert_eq!(shelves.get(stock.isbn("Ulysses"))?, None);
        Ok(())
    }

    #[phasegate::test]
    fn keep_the_last_edition(shelves: Shelves, stock: Shared<Stock>) -> phasegate::Result {
        let emma = stock.isbn("Emma");
        shelves.put(emma, "first edition")?;
        shelves.put(emma, "second edition")?;
        assert_eq!(shelves.get(emma)?.as_deref(), Some("second edition"));
        assert_eq!(shelves.count()?, 1, "a draft was left behind");
        Ok(())
    }
}

#[phasegate::suite(phase = "A", timeout = "5s")]
mod metadata {
    use quickstart::Error;

    use super::*;

    #[phasegate::test]
    fn details_of_a_known_book(api: MetadataApi, stock: Shared<Stock>) -> phasegate::Result {
        let emma = stock.isbn("Emma");
        api.knows(emma, 474, 1815);
        let details = api.client().details(emma)?.expect("the API knows it");
        assert_eq!((details.pages, details.year), (474, 1815));
        Ok(())
    }

    #[phasegate::test]
    fn no_details_of_an_unknown_book(api: MetadataApi, stock: Shared<Stock>) -> phasegate::Result {
        assert_eq!(api.client().details(stock.isbn("Emma"))?, None);
        Ok(())
    }

    #[phasegate::test]
    #[case::no_json("<html>busy</html>")]
    #[case::another_shape(r#"{"pages":"many"}"#)]
    fn a_garbled_answer_is_an_error(api: MetadataApi, stock: Shared<Stock>, #[case] body: &str) {
        let emma = stock.isbn("Emma");
        api.answers(emma, 200, body);
        assert!(matches!(api.client().details(emma), Err(Error::Garbled(_))));
    }

    #[phasegate::test(timeout = "1s")]
    fn gives_up_on_an_api_that_stays_busy(api: MetadataApi, stock: Shared<Stock>) {
        let emma = stock.isbn("Emma");
        api.answers(emma, 503, "");
        assert!(matches!(
            api.client().details(emma),
            Err(Error::Api { status: 503, .. })
        ));
        assert_eq!(api.asked(), 3);
    }

    #[phasegate::test(retries = 1)]
    fn waits_while_the_api_looks_up(api: MetadataApi, stock: Shared<Stock>) -> phasegate::Result {
        let emma = stock.isbn("Emma");
        api.looks_up(emma, 474, 1815);
        assert!(api.client().details(emma)?.is_some());
        Ok(())
    }

    /// A second server in one test: the parameter's and one that the test acquires itself.
    #[phasegate::test]
    async fn follows_the_api_to_its_new_home(
        cx: Context,
        old: MetadataApi,
        stock: Shared<Stock>,
    ) -> phasegate::Result {
        let new = cx.acquire::<MetadataApi>().await?;
        let emma = stock.isbn("Emma");
        old.moved_to(emma, &new);
        new.knows(emma, 474, 1815);
        assert!(old.client().details(emma)?.is_some());
        assert_eq!((old.asked(), new.asked()), (1, 1));
        Ok(())
    }
}
