use phasegate::{Context, Fixture};

#[derive(Fixture)]
enum Choice {
    One(Context),
}

#[derive(Fixture)]
union Overlap {
    number: u8,
}

#[derive(Fixture)]
struct Borrowed<'a>(&'a Context);

#[derive(Fixture)]
#[fixture(boundery = ["files"])]
struct Misspelt(Context);

#[derive(Fixture)]
#[fixture]
struct NoArguments(Context);

#[derive(Fixture)]
struct OnAField {
    #[fixture(boundary = files)]
    cx: Context,
}

fn main() {}
