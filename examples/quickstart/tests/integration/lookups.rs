//! Phase B: lookups that cross all boundaries at once.

use crate::fixtures::{Catalogue, StockedLibrary};

#[phasegate::suite(phase = "B", timeout = "5s")]
mod cards {
    use quickstart::Error;

    use super::*;

    #[phasegate::test]
    fn say_what_every_boundary_knows(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let emma = library.stock.isbn("Emma");
        library.api.knows(emma, 474, 1815);
        library
            .shelves
            .put(emma, "Emma Woodhouse, handsome,\nclever, and rich")?;

        let card = lookup.card(emma)?;
        assert_eq!(card.book.author, "Jane Austen");
        assert_eq!(card.details.map(|details| details.pages), Some(474));
        assert_eq!(
            card.first_line.as_deref(),
            Some("Emma Woodhouse, handsome,")
        );
        Ok(())
    }

    #[phasegate::test]
    fn are_only_for_books_of_the_catalogue(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let unknown = "9783161484100".parse()?;
        assert!(matches!(lookup.card(&unknown), Err(Error::Unknown(isbn)) if isbn == unknown));
        assert_eq!(library.api.asked(), 0);
        Ok(())
    }

    #[phasegate::test]
    #[case::broken(500)]
    #[case::forbidden(403)]
    #[case::busy(503)]
    fn do_without_an_api_that_fails(
        library: StockedLibrary,
        #[case] status: u16,
    ) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let emma = library.stock.isbn("Emma");
        library.api.answers(emma, status, "");
        assert_eq!(lookup.card(emma)?.details, None);
        Ok(())
    }

    #[phasegate::test]
    fn show_a_text_that_came_late(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let walden = library.stock.isbn("Walden");
        assert_eq!(lookup.card(walden)?.first_line, None);
        library
            .shelves
            .put(walden, "When I wrote the following pages")?;
        assert!(lookup.card(walden)?.first_line.is_some());
        Ok(())
    }
}

#[phasegate::suite(phase = "B", criterion = ["B-1"], timeout = "5s")]
mod cache {
    use super::*;

    #[phasegate::test]
    fn the_second_lookup_asks_nobody(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let emma = library.stock.isbn("Emma");
        library.api.knows(emma, 474, 1815);
        assert_eq!(lookup.card(emma)?, lookup.card(emma)?);
        assert_eq!((lookup.hits(), library.api.asked()), (1, 1));
        Ok(())
    }

    #[phasegate::test]
    fn a_failure_is_not_kept(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let emma = library.stock.isbn("Emma");
        library.api.answers(emma, 500, "");
        library.api.knows(emma, 474, 1815);
        assert_eq!(lookup.card(emma)?.details, None);
        assert!(lookup.card(emma)?.details.is_some());
        Ok(())
    }

    #[phasegate::test]
    fn what_is_forgotten_is_asked_again(library: StockedLibrary) -> phasegate::Result {
        let client = library.api.client();
        let mut lookup = library.lookup(&client)?;
        let emma = library.stock.isbn("Emma");
        library.api.knows(emma, 474, 1815);
        lookup.card(emma)?;
        lookup.forget(emma);
        lookup.card(emma)?;
        assert_eq!(library.api.asked(), 2);
        Ok(())
    }
}

/// Left out until it can pass; the report counts it as skipped, with the reason.
#[phasegate::test(phase = "B", ignore = "SQLite's lower() knows no letters beyond ASCII")]
fn search_folds_every_alphabet(catalogue: Catalogue) -> phasegate::Result {
    catalogue.add(&quickstart::Book {
        isbn: "9780140449136".parse()?,
        title: "Преступление и наказание".to_owned(),
        author: "Фёдор Достоевский".to_owned(),
    })?;
    assert_eq!(catalogue.search("преступление")?.len(), 1);
    Ok(())
}
