#[phasegate::test(phase = C, timout = "5s", retries = "2")]
#[case::one(1, 2)]
const fn everything_is_wrong(#[case] number: u8, limit: u16) {}

// No further error: the function exists all the same.
fn main() {
    everything_is_wrong(1, 2);
}
