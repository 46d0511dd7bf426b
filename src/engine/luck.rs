//! Keyed luck: every random quantity has a name, and its value depends on that name alone.
//!
//! The generator is Philox 4x32-10, a counter-based generator: the key is the trial, the counter
//! is who, for which purpose and how many times before. No two draws share a name, so no draw
//! moves because another one was or was not made. That is what lets structures meet the same
//! children with the same luck.
//!
//! Source: J. K. Salmon and others (2011), Parallel random numbers: as easy as 1, 2, 3,
//! <https://doi.org/10.1145/2063384.2063405>.

use std::convert::Infallible;

use rand_core::TryRng;
use sha2::{Digest, Sha256};

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The ten rounds of Philox 4x32.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let left = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let right = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (right >> 32) as u32 ^ counter[1] ^ key[0],
            right as u32,
            (left >> 32) as u32 ^ counter[3] ^ key[1],
            left as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
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
    key: [u32; 2],
}

impl Luck {
    /// The luck of a trial of a study: from its seed, the number of the parameter draw and the
    /// number of the trial. The structure is absent on purpose.
    pub fn new(seed: u64, draw: u32, trial: u32) -> Self {
        let words = philox([trial, draw, 0, 0], [seed as u32, (seed >> 32) as u32]);
        Self {
            key: [words[0], words[1]],
        }
    }

    /// Two uniforms for a name: who, for which purpose, and for the how-manieth time.
    pub fn block(&self, who: Who, purpose: u16, ordinal: u32) -> Block {
        Block(self.words(who, purpose, ordinal, 0))
    }

    /// As many draws as needed for a name; the first two are those of [`Self::block`].
    pub fn stream(&self, who: Who, purpose: u16, ordinal: u32) -> Stream {
        Stream {
            luck: *self,
            who,
            purpose,
            ordinal,
            blocks: 0,
            words: [0; 4],
            left: 0,
        }
    }

    fn words(&self, who: Who, purpose: u16, ordinal: u32, block: u16) -> [u32; 4] {
        philox(
            [
                who.0 as u32,
                (who.0 >> 32) as u32,
                ordinal,
                u32::from(purpose) << 16 | u32::from(block),
            ],
            self.key,
        )
    }
}

/// 128 random bits under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block([u32; 4]);

impl Block {
    /// A uniform strictly between 0 and 1.
    pub fn uniform(self) -> f64 {
        unit(self.0[0], self.0[1])
    }

    /// A second uniform, independent of the first.
    pub fn second(self) -> f64 {
        unit(self.0[2], self.0[3])
    }

    /// A standard normal variate, from the first uniform.
    pub fn normal(self) -> f64 {
        super::normal_quantile(self.uniform())
    }

    /// All of it as sixteen bytes.
    pub fn bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (bytes, word) in bytes.chunks_exact_mut(4).zip(self.0) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// A number of `bits` bits and a uniform strictly between 0 and 1, independent of each other and
    /// of the first uniform.
    pub fn number_and_uniform(self, bits: u32) -> (u32, f64) {
        let number = self.0[3] & ((1 << bits) - 1);
        // The bits that made the number are below the 2^52 cells of the uniform, for up to 12.
        (number, unit(self.0[2], self.0[3]))
    }

    /// A number below `bound`, from the second uniform.
    pub fn below(self, bound: u32) -> u32 {
        ((u64::from(self.0[2]) * u64::from(bound)) >> 32) as u32
    }
}

/// The middle of one of 2^52 equal cells of (0, 1), so that neither end is ever drawn.
fn unit(high: u32, low: u32) -> f64 {
    let bits = (u64::from(high) << 32 | u64::from(low)) >> 12;
    (bits as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
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
            self.words = self
                .luck
                .words(self.who, self.purpose, self.ordinal, self.blocks);
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

    /// The three vectors that the authors publish with their library (Random123, kat_vectors).
    #[test]
    fn philox_gives_the_published_vectors() {
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
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
    fn a_stream_begins_with_the_words_of_its_block() {
        let luck = Luck::new(9, 0, 4);
        let who = Who::named("x");
        let mut stream = luck.stream(who, 7, 2);
        let Ok(first) = stream.try_next_u32();
        assert_eq!(first, luck.block(who, 7, 2).0[0]);
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
