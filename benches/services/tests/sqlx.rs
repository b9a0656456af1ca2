//! One hundred tests with a database of their own, made by `sqlx::test` on the server of
//! `DATABASE_URL`.

#[macro_use]
mod shared;

macro_rules! ten {
    () => {
        ten!(a b c d e f g h i j);
    };
    ($($name:ident)*) => {
        $(
            #[sqlx::test(migrations = "./migrations")]
            async fn $name(pool: sqlx::PgPool) -> Result<(), sqlx::Error> {
                crate::shared::borrow_a_book(&pool).await
            }
        )*
    };
}
use ten;

hundred!(ten);
