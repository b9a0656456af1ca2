#[phasegate::test]
const fn constant() {}

#[phasegate::test]
unsafe fn dangerous() {}

#[phasegate::test]
extern "C" fn foreign() {}

#[phasegate::test]
fn generic<T>() {}

#[phasegate::test]
fn borrowed<'a>(cx: &'a phasegate::Context) {}

struct Suite;

impl Suite {
    #[phasegate::test]
    fn method(&self) {}
}

#[phasegate::test]
struct NoFunction;

fn main() {}
