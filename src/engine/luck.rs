//! Keyed luck: every random quantity has a name, and its value depends on that name alone.
//!
//! The generator is Philox 2x64 of six rounds, a counter-based generator: the key is the trial, the
//! counter is who, for which purpose and how many times before. No two draws share a name, so no draw
//! moves because another one was or was not made. That is what lets structures meet the same
//! children with the same luck.
//!
//! Six rounds are the fewest that its authors found to pass all of TestU01's batteries. They run through
//! long sequences of counters; here draws are few under each name and names are neighbours, and
//! `tests/verification/luck.rs` and decision D-22 say how that was tried.
//!
//! Source: J. K. Salmon and others (2011), Parallel random numbers: as easy as 1, 2, 3,
//! <https://doi.org/10.1145/2063384.2063405>.

use std::convert::Infallible;

use rand_core::TryRng;
use sha2::{Digest, Sha256};

const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;

/// Rounds of a draw.
const ROUNDS: u32 = 6;
/// Rounds of the key of a trial, which is made once: as many as its authors recommend.
const KEY_ROUNDS: u32 = 10;

/// So many rounds of Philox 2x64.
#[inline]
fn philox(mut counter: [u64; 2], mut key: u64, rounds: u32) -> [u64; 2] {
    for _ in 0..rounds {
        let product = u128::from(MULTIPLIER) * u128::from(counter[0]);
        counter = [(product >> 64) as u64 ^ key ^ counter[1], product as u64];
        key = key.wrapping_add(WEYL);
    }
    counter
}

/// Whom a draw concerns, as 64 bits that depend on ids alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who(u64);

impl Who {
    /// The thing with this id: the first 64 bits of its SHA-256.
    pub fn named(id: &str) -> Self {
        let digest = Sha256::digest(id.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(first))
    }

    /// A part or member of this thing, by number.
    pub fn number(self, number: u32) -> Self {
        self.mixed(u64::from(number))
    }

    /// A fixed number below `bound` that belongs to this thing, evenly spread over things.
    pub fn below(self, bound: u32) -> u32 {
        (((self.0 >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// This thing together with another one, in this order.
    pub fn with(self, other: Self) -> Self {
        self.mixed(other.0)
    }

    /// Steele, Lea and Flood's finaliser (SplitMix64): a bijection of the sum, so that neighbours
    /// have unrelated keys.
    fn mixed(self, other: u64) -> Self {
        let mut z = self
            .0
            .rotate_left(23)
            .wrapping_add(other.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(z ^ (z >> 31))
    }
}

/// The luck of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Luck {
    key: u64,
}

impl Luck {
    /// The luck of a trial of a study: from its seed, the number of the parameter draw and the
    /// number of the trial. The structure is absent on purpose.
    pub fn new(seed: u64, draw: u32, trial: u32) -> Self {
        let name = u64::from(draw) << 32 | u64::from(trial);
        let [key, _] = philox([name, 0], seed, KEY_ROUNDS);
        Self { key }
    }

    /// Two uniforms for a name: who, for which purpose, and for the how-manieth time.
    #[inline]
    pub fn block(&self, who: Who, purpose: u16, ordinal: u32) -> Block {
        Block(self.words(who, purpose, ordinal, 0))
    }

    /// As many draws as needed for a name, independent of those of [`Self::block`].
    pub fn stream(&self, who: Who, purpose: u16, ordinal: u32) -> Stream {
        Stream {
            luck: *self,
            who,
            purpose,
            ordinal,
            // Block 0 is that of `block`.
            blocks: 1,
            words: [0; 4],
            left: 0,
        }
    }

    /// The words of a name; those of block 0 are [`Self::block`]'s, all others a stream's.
    #[inline]
    fn words(&self, who: Who, purpose: u16, ordinal: u32, block: u16) -> [u64; 2] {
        let what = u64::from(purpose) << 48 | u64::from(block) << 32 | u64::from(ordinal);
        philox([what, who.0], self.key, ROUNDS)
    }
}

/// 128 random bits under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block([u64; 2]);

impl Block {
    /// A uniform strictly between 0 and 1.
    pub fn uniform(self) -> f64 {
        unit(self.0[0])
    }

    /// A second uniform, independent of the first.
    pub fn second(self) -> f64 {
        unit(self.0[1])
    }

    /// A standard normal variate, from the first uniform.
    pub fn normal(self) -> f64 {
        super::normal_quantile(self.uniform())
    }

    /// All of it as sixteen bytes.
    pub fn bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (bytes, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// A number of `bits` bits and a uniform strictly between 0 and 1, independent of each other and
    /// of the first uniform.
    pub fn number_and_uniform(self, bits: u32) -> (u32, f64) {
        let number = self.0[1] as u32 & ((1 << bits) - 1);
        // The bits that made the number are below the 2^52 cells of the uniform, for up to 12.
        (number, unit(self.0[1]))
    }

    /// A number below `bound`, from the second uniform.
    pub fn below(self, bound: u32) -> u32 {
        (((self.0[1] >> 32) * u64::from(bound)) >> 32) as u32
    }
}

/// The middle of one of 2^52 equal cells of (0, 1), so that neither end is ever drawn.
#[inline]
fn unit(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// An endless stream of random words under one name, for samplers that need several.
#[derive(Debug, Clone)]
pub struct Stream {
    luck: Luck,
    who: Who,
    purpose: u16,
    ordinal: u32,
    blocks: u16,
    words: [u32; 4],
    left: usize,
}

impl Stream {
    fn next_word(&mut self) -> u32 {
        if self.left == 0 {
            let Self {
                who,
                purpose,
                ordinal,
                blocks,
                ..
            } = *self;
            let [first, second] = self.luck.words(who, purpose, ordinal, blocks);
            self.words = [
                (first >> 32) as u32,
                first as u32,
                (second >> 32) as u32,
                second as u32,
            ];
            self.blocks += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.words[3 - self.left]
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.next_word()) << 32 | u64::from(self.next_word()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three vectors of ten rounds that the authors publish with their library (Random123,
    /// kat_vectors); draws are the same rounds, only fewer.
    #[test]
    fn philox_gives_the_published_vectors() {
        assert_eq!(
            philox([0; 2], 0, 10),
            [0xca00_a045_9843_d731, 0x66c2_4222_c9a8_45b5]
        );
        assert_eq!(
            philox([u64::MAX; 2], u64::MAX, 10),
            [0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20]
        );
        assert_eq!(
            philox(
                [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344],
                0xa409_3822_299f_31d0,
                10
            ),
            [0x0a5e_742c_2997_341c, 0xb0f8_83d3_8000_de5d]
        );
    }

    #[test]
    fn neighbouring_names_have_unrelated_uniforms() {
        let luck = Luck::new(1, 0, 0);
        let child = Who::named("area");
        let draws: Vec<f64> = (0..100_000)
            .map(|slot| luck.block(child.number(slot), 3, 0).uniform())
            .collect();
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let product = draws
            .windows(2)
            .map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5))
            .sum::<f64>()
            / n;
        // Four standard errors: sd of a uniform is 1/sqrt(12), of the product 1/12.
        assert!((mean - 0.5).abs() < 4.0 / (12.0 * n).sqrt());
        assert!(product.abs() < 4.0 / (12.0 * n.sqrt()));
    }

    #[test]
    fn a_stream_shares_nothing_with_the_block_of_its_name() {
        let luck = Luck::new(9, 0, 4);
        let who = Who::named("x");
        let block = luck.block(who, 7, 2);
        let halves: Vec<u32> = (block.0.iter())
            .flat_map(|word| [(word >> 32) as u32, *word as u32])
            .collect();
        let mut stream = luck.stream(who, 7, 2);
        for _ in 0..100 {
            let Ok(word) = stream.try_next_u32();
            assert!(!halves.contains(&word));
        }
    }

    #[test]
    fn trials_purposes_and_ordinals_are_told_apart() {
        let who = Who::named("x");
        let base = Luck::new(1, 0, 0).block(who, 1, 1);
        assert_ne!(base, Luck::new(1, 0, 1).block(who, 1, 1));
        assert_ne!(base, Luck::new(1, 1, 0).block(who, 1, 1));
        assert_ne!(base, Luck::new(2, 0, 0).block(who, 1, 1));
        assert_ne!(base, Luck::new(1, 0, 0).block(who, 2, 1));
        assert_ne!(base, Luck::new(1, 0, 0).block(who, 1, 2));
        assert_ne!(base, Luck::new(1, 0, 0).block(who.number(0), 1, 1));
    }
}
