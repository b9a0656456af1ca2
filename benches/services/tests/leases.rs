//! One hundred tests with a database of their own, leased.

#[macro_use]
mod shared;

use phasegate::prelude::*;

phasegate::main!();

#[phasegate::service(boundary = "database")]
fn database() -> Postgres {
    Postgres::local().migrations("migrations")
}

macro_rules! ten {
    () => {
        ten!(a b c d e f g h i j);
    };
    ($($name:ident)*) => {
        $(
            #[phasegate::test]
            async fn $name(db: phasegate::Lease<phasegate::Postgres>) -> phasegate::Result {
                let pool = sqlx::PgPool::connect(db.url()).await?;
                crate::shared::borrow_a_book(&pool).await?;
                Ok(())
            }
        )*
    };
}
use ten;

hundred!(ten);
