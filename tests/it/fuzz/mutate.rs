//! Ways to damage a file.

use super::corpus::{Corpus, Victim};

/// Numbers that programs are seldom ready for.
const NUMBERS: &[&str] = &[
    "nan",
    "inf",
    "-inf",
    "1e308",
    "-1e308",
    "1e400",
    "1e-320",
    "-0",
    "-0.0",
    "0",
    "1",
    "-1",
    "2",
    "0.1",
    "255",
    "256",
    "65535",
    "65536",
    "2147483648",
    "4294967295",
    "4294967296",
    "1_000_000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "99999999999999999999999999999999999999999",
    "0x7fffffffffffffff",
    "0b1",
    "1e-9",
    "1.5",
    "100",
];

/// Text that programs are seldom ready for.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{0}",
    "\u{7f}",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{202e}",
    "é",
    "e\u{301}",
    "\u{200b}",
    "日本語の長い名前",
    "🙂🙂🙂",
    "\\u0000",
    "\\uD800",
    "\\U0010FFFF",
    "\\x",
    "\"",
    "\"\"\"",
    "'''",
    "\\",
    "\t",
    "..",
    "../../etc",
    "/",
    "C:\\x",
    "a/b.toml",
    ".",
    "+",
    "++",
    "a+b+c",
    "%",
    "-%",
    "1e999%",
    "0%",
    "101%",
    "-5 days",
    "NaN days",
    "inf days",
    "1e308 years",
    "5",
    "5 day s",
    "days",
    "exponential",
    "exponential, mean",
    "exponential, mean 0 days",
    "lognormal, mean 1 days, sd 0 days",
    "lognormal, median 1e-300 days, spread 1e300",
    "gamma, mean 1 days, sd 1e200 days",
    "weibull, shape 1e-9, scale 1 days",
    "weibull, shape 0, scale 1 days",
    "exactly 0 days",
    "exactly 1e300 days",
    "observed, x.csv",
    "every 0 days",
    "levels 3 to 1",
    "level 9",
    "0 to 999",
    "17 to 0",
    "times -1",
    "times 1e308",
    "times nan",
    "per year",
    "5 per year",
    "1e308 per day",
    "1 in 0",
    "unlimited",
    "closed",
    "value",
    "extends",
    "none",
    "true",
];

/// Values of other forms than are expected.
const FORMS: &[&str] = &[
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "{ value = 1 }",
    "{ value = [] }",
    "{ value = { value = 1 } }",
    "{ range = [1] }",
    "{ value = 1, range = [2, 3] }",
    "{ value = 1, range = [\"a\", nan] }",
    "{ value = 1, evidence = 1 }",
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "true",
    "false",
    "\"\"",
    "[\"a\", 1, true]",
    "[1, 1, 1]",
    "[\"times 0.1\", \"times 1e9\"]",
    "''",
];

/// Chance that follows from a seed and a number (Steele and others 2014, SplitMix).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of_case(seed: u64, case: u64) -> Self {
        let mut chance = Self(seed ^ case.wrapping_mul(0xd6e8_feb8_6659_fd93));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below another.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        match limit {
            0 => 0,
            _ => self.next() % limit,
        }
    }

    fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    fn of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.index(list.len())]
    }
}

/// A file after one to six kinds of damage; one is the most frequent number.
pub(crate) fn damaged(victim: &Victim, corpus: &Corpus, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = victim.text.clone().into_bytes();
    loop {
        damage(&mut bytes, corpus, chance);
        if chance.below(5) < 3 {
            return bytes;
        }
    }
}

/// Now and then a value set on the command line as well: a line of some file, its key taken for a path.
pub(crate) fn setting(corpus: &Corpus, chance: &mut Chance) -> Option<String> {
    if chance.below(20) > 0 {
        return None;
    }
    let text = corpus.any(chance);
    let line = text.lines().nth(chance.index(text.lines().count()))?;
    let mut bytes = line.replace(" = ", "=").into_bytes();
    damage(&mut bytes, corpus, chance);
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn damage(bytes: &mut Vec<u8>, corpus: &Corpus, chance: &mut Chance) {
    match chance.below(20) {
        0 => {
            let at = chance.index(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            let at = chance.index(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = chance.below(256) as u8;
            }
        }
        2 => {
            let (start, end) = stretch(bytes, chance);
            bytes.drain(start..end);
        }
        3 => {
            let (start, end) = stretch(bytes, chance);
            let again = bytes[start..end].to_vec();
            bytes.splice(end..end, again);
        }
        4 => bytes.truncate(chance.index(bytes.len() + 1)),
        5..=7 => on_lines(bytes, corpus, chance),
        8 => {
            // A word of another file.
            let other = corpus.any(chance).as_bytes();
            let word = pick(&words(other, is_of_word), chance)
                .map(|(start, end)| other[start..end].to_vec());
            if let (Some(word), Some(at)) = (word, pick(&words(bytes, is_of_word), chance)) {
                bytes.splice(at.0..at.1, word);
            }
        }
        9..=12 => {
            if let Some((start, end)) = pick(&words(bytes, is_of_number), chance) {
                bytes.splice(start..end, chance.of(NUMBERS).bytes());
            }
        }
        13 | 14 => {
            if let Some((start, end)) = pick(&quoted(bytes), chance) {
                bytes.splice(start..end, chance.of(TEXTS).bytes());
            }
        }
        15 | 16 => on_value(bytes, chance),
        _ => on_key(bytes, corpus, chance),
    }
}

fn on_lines(bytes: &mut Vec<u8>, corpus: &Corpus, chance: &mut Chance) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (chance.index(lines.len()), chance.index(lines.len()));
    match chance.below(4) {
        0 => {
            lines.remove(one);
        }
        1 => lines.insert(other, lines[one].clone()),
        2 => lines.swap(one, other),
        _ => {
            let text = corpus.any(chance);
            let from = chance.index(text.lines().count());
            let line = text.lines().nth(from).unwrap_or_default();
            lines.insert(one, line.as_bytes().to_vec());
        }
    }
    *bytes = lines.join(&b'\n');
}

/// Puts something of another form where a value stands.
fn on_value(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let signs: Vec<usize> = places(bytes, b'=');
    if signs.is_empty() {
        return;
    }
    let start = signs[chance.index(signs.len())] + 1;
    let end = bytes[start..]
        .iter()
        .position(|it| b",}\n".contains(it))
        .map_or(bytes.len(), |length| start + length);
    let value = match chance.below(12) {
        0 => {
            let deep = nested(1 + chance.index(3_000));
            let all: Vec<&str> = deep.iter().map(String::as_str).collect();
            chance.of(&all).to_owned()
        }
        1 => format!("\"{}\"", "long ".repeat(chance.index(20_000))),
        _ => format!(" {}", chance.of(FORMS)),
    };
    bytes.splice(start..end, value.into_bytes());
}

/// Gives a key another name, or takes one away with its sign.
fn on_key(bytes: &mut Vec<u8>, corpus: &Corpus, chance: &mut Chance) {
    let Some((start, end)) = pick(&keys(bytes), chance) else {
        return;
    };
    let key = match chance.below(4) {
        0 => {
            let other = corpus.any(chance).as_bytes();
            pick(&keys(other), chance).map_or(Vec::new(), |(a, b)| other[a..b].to_vec())
        }
        1 => chance.of(TEXTS).as_bytes().to_vec(),
        2 => format!("\"{}\"", chance.of(TEXTS)).into_bytes(),
        _ => [&bytes[start..end], b"x"].concat(),
    };
    bytes.splice(start..end, key);
}

/// Values and tables one in another, as deep as asked.
pub(crate) fn nested(depth: usize) -> [String; 6] {
    [
        format!("a = {}", "[".repeat(depth)),
        format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)),
        format!("a = {}1{}", "{ a = ".repeat(depth), " }".repeat(depth)),
        format!("{}a = 1", "a.".repeat(depth)),
        format!("[{}a]\na = 1", "a.".repeat(depth)),
        format!("[[{}a]]\na = 1", "a.".repeat(depth)),
    ]
}

/// Up to sixteen bytes somewhere.
fn stretch(bytes: &[u8], chance: &mut Chance) -> (usize, usize) {
    let start = chance.index(bytes.len());
    let end = (start + 1 + chance.index(16)).min(bytes.len());
    (start, end)
}

fn pick(list: &[(usize, usize)], chance: &mut Chance) -> Option<(usize, usize)> {
    list.get(chance.index(list.len())).copied()
}

fn places(bytes: &[u8], sign: u8) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at] == sign).collect()
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-%.".contains(&byte)
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'.' || byte == b'_'
}

/// Where unbroken runs of such bytes start and end.
fn words(bytes: &[u8], is_of: fn(u8) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().chain([&b'\n']).enumerate() {
        match (is_of(*byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// What stands between quotation marks.
fn quoted(bytes: &[u8]) -> Vec<(usize, usize)> {
    let marks = places(bytes, b'"');
    let pairs = marks.chunks_exact(2);
    pairs.map(|pair| (pair[0] + 1, pair[1])).collect()
}

/// Words before a sign of equality.
fn keys(bytes: &[u8]) -> Vec<(usize, usize)> {
    let before_sign = |end: usize| {
        let rest = bytes[end..].iter().find(|it| **it != b' ');
        rest == Some(&b'=')
    };
    let all = words(bytes, is_of_word);
    all.into_iter()
        .filter(|(_, end)| before_sign(*end))
        .collect()
}
