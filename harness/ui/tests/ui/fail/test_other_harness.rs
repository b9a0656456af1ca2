#[phasegate::test]
#[test]
fn standard() {}

#[phasegate::test]
#[tokio::test]
async fn tokio() {}

#[phasegate::test(phase = "C")]
#[phasegate::test(phase = "D")]
fn twice() {}

fn main() {}
