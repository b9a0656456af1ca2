//! Two tests of one name: a case, and a test in a module.
#![allow(missing_docs)]

phasegate::main!();

#[phasegate::test]
#[case::one(1)]
fn twin(#[case] number: u32) {
    assert_eq!(number, 1);
}

mod twin {
    #[phasegate::test]
    fn one() {}
}
