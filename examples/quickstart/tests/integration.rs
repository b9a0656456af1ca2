//! The lending library's integration tests.

use phasegate::prelude::*;
use quickstart::{Cache, Shelves};

phasegate::main!();

/// Empty shelves in a directory that only this test has.
struct OwnShelves(Shelves);

impl Fixture for OwnShelves {
    fn declare(needs: &mut Needs) {
        needs.boundary("files");
    }

    async fn acquire(cx: &Context) -> phasegate::Result<Self> {
        let dir = cx.acquire::<TempDir>().await?;
        Ok(Self(Shelves::new(dir.path().to_owned())))
    }
}

/// An empty cache.
struct OwnCache(Cache);

impl Fixture for OwnCache {
    fn declare(needs: &mut Needs) {
        needs.boundary("cache");
    }

    async fn acquire(_: &Context) -> phasegate::Result<Self> {
        Ok(Self(Cache::default()))
    }
}

/// A pattern: shelves with a cache in front. Reports list it by this name.
#[derive(Fixture)]
struct CachedShelves {
    shelves: OwnShelves,
    cache: OwnCache,
}

#[phasegate::suite(phase = "A")]
mod shelves {
    use super::*;

    #[phasegate::test]
    fn a_book_comes_back_as_it_was(shelves: OwnShelves) -> phasegate::Result {
        shelves
            .0
            .put("Emma", "Emma Woodhouse, handsome, clever, and rich")?;
        assert_eq!(
            shelves.0.get("Emma")?.as_deref(),
            Some("Emma Woodhouse, handsome, clever, and rich")
        );
        Ok(())
    }

    #[phasegate::test]
    fn an_unknown_book_is_not_there(shelves: OwnShelves) -> phasegate::Result {
        assert_eq!(shelves.0.get("Ulysses")?, None);
        Ok(())
    }

    #[phasegate::test]
    #[case::empty("")]
    #[case::path("../secrets")]
    #[case::hidden(".profile")]
    fn a_title_is_no_path(shelves: OwnShelves, #[case] title: &str) {
        assert!(shelves.0.put(title, "x").is_err());
    }

    #[phasegate::test]
    fn shelves_start_empty(shelves: OwnShelves) -> phasegate::Result {
        assert_eq!(shelves.0.count()?, 0, "another test's books are here");
        Ok(())
    }
}

#[phasegate::suite(phase = "B")]
mod cache {
    use super::*;

    #[phasegate::test]
    fn the_second_read_is_a_hit(on: CachedShelves) -> phasegate::Result {
        let CachedShelves { shelves, mut cache } = on;
        shelves.0.put("Emma", "first")?;
        cache.0.read(&shelves.0, "Emma")?;
        cache.0.read(&shelves.0, "Emma")?;
        assert_eq!(cache.0.hits(), 1);
        Ok(())
    }

    #[phasegate::test]
    fn an_update_is_seen_at_once(on: CachedShelves) -> phasegate::Result {
        let CachedShelves { shelves, mut cache } = on;
        cache.0.write(&shelves.0, "Emma", "first edition")?;
        cache.0.read(&shelves.0, "Emma")?;
        cache.0.write(&shelves.0, "Emma", "second edition")?;
        assert_eq!(
            cache.0.read(&shelves.0, "Emma")?.as_deref(),
            Some("second edition")
        );
        Ok(())
    }

    #[phasegate::test]
    async fn what_is_not_there_is_not_kept(on: CachedShelves) -> phasegate::Result {
        let CachedShelves { shelves, mut cache } = on;
        assert_eq!(cache.0.read(&shelves.0, "Emma")?, None);
        shelves.0.put("Emma", "late arrival")?;
        assert_eq!(
            cache.0.read(&shelves.0, "Emma")?.as_deref(),
            Some("late arrival")
        );
        Ok(())
    }
}
