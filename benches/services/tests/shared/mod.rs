//! One hundred times the same test, ten modules of ten.

macro_rules! hundred {
    ($ten:ident) => {
        mod t0 {
            super::$ten!();
        }
        mod t1 {
            super::$ten!();
        }
        mod t2 {
            super::$ten!();
        }
        mod t3 {
            super::$ten!();
        }
        mod t4 {
            super::$ten!();
        }
        mod t5 {
            super::$ten!();
        }
        mod t6 {
            super::$ten!();
        }
        mod t7 {
            super::$ten!();
        }
        mod t8 {
            super::$ten!();
        }
        mod t9 {
            super::$ten!();
        }
    };
}

/// What each test does: reads what was seeded, writes, and reads its own writing.
pub async fn borrow_a_book(pool: &sqlx::PgPool) -> Result<(), sqlx::Error> {
    let count = "SELECT count(*) FROM book";
    let before: i64 = sqlx::query_scalar(count).fetch_one(pool).await?;
    assert_eq!(before, 900);
    sqlx::query("INSERT INTO book (author, title) VALUES (1, 'mine')")
        .execute(pool)
        .await?;
    let after: i64 = sqlx::query_scalar(count).fetch_one(pool).await?;
    assert_eq!(after, 901);
    Ok(())
}
