//! One small mixing function for everything that must look random and be repeatable.

/// Mixes a seed with a name into 64 well-spread bits: FNV-1a over both, finished with the final
/// steps of `SplitMix64` (Steele, Lea, Flood 2014). Not for secrets.
pub(crate) fn mix(seed: u64, name: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in seed.to_le_bytes().iter().chain(name) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
