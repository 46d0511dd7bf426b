//! The tallies of a run as a file, so that tables, charts and reports can be made again, to other
//! tastes, without simulating.
//!
//! Everything counted is a whole number; the few others keep every bit. The file is JSON, compressed
//! with gzip: any language reads it.

use std::io::{self, Read as _};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use serde::{Deserialize, Serialize};

use crate::experiment::results::Results;
use crate::report::File;

/// Name of the file.
pub const FILE: &str = "results.json.gz";

/// Raised whenever an older file cannot be read any more.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Kept<'a> {
    program: &'a str,
    version: &'a str,
    format: u32,
    results: &'a Results,
}

#[derive(Deserialize)]
struct Head {
    program: String,
    version: String,
    format: u32,
}

#[derive(Deserialize)]
struct Found {
    results: Results,
}

/// Why kept results cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not compressed JSON, or cut short.
    #[error("{FILE} is damaged: {0}")]
    Damaged(String),
    /// Of another program or format.
    #[error(
        "{FILE} was written by {program} {version} in a form that this version does not read; run the study again"
    )]
    Foreign {
        /// The program that wrote it.
        program: String,
        /// Its version.
        version: String,
    },
}

/// The results as a file; equal results give equal bytes.
///
/// # Panics
///
/// Never: plain numbers and text are always JSON, and memory takes all bytes.
pub fn file(results: &Results) -> File {
    let kept = Kept {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        format: FORMAT,
        results,
    };
    // Neither the time nor the system stands in the header.
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::new(4));
    serde_json::to_writer(io::BufWriter::new(&mut encoder), &kept)
        .expect("plain numbers and text are always JSON");
    File {
        name: FILE.to_owned(),
        bytes: encoder.finish().expect("writing to memory cannot fail"),
    }
}

/// The results in the bytes of a file.
///
/// # Errors
///
/// When the file is damaged or of another format.
pub fn read(bytes: &[u8]) -> Result<Results, StoreError> {
    let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(error.to_string());
    let mut text = Vec::new();
    GzDecoder::new(bytes)
        .read_to_end(&mut text)
        .map_err(|error| damaged(&error))?;
    let head: Head = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
    if head.program != env!("CARGO_PKG_NAME") || head.format != FORMAT {
        return Err(StoreError::Foreign {
            program: head.program,
            version: head.version,
        });
    }
    let found: Found = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
    Ok(found.results)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::synthetic;

    #[test]
    fn results_come_back_as_they_were() {
        for results in [
            synthetic::with_other_posts(synthetic::children(3, 4, 11)),
            synthetic::network(2, 4, 12),
        ] {
            assert_eq!(read(&file(&results).bytes).unwrap(), results);
        }
    }

    #[test]
    fn a_damaged_or_foreign_file_is_told_apart() {
        let file = file(&synthetic::children(2, 2, 5));
        let short = &file.bytes[..file.bytes.len() / 2];
        assert!(matches!(read(short), Err(StoreError::Damaged(_))));
        assert!(matches!(read(b"{}"), Err(StoreError::Damaged(_))));
        let foreign = br#"{"program": "seamline", "version": "9.0.0", "format": 9}"#;
        let mut encoder = GzBuilder::new().write(Vec::new(), Compression::fast());
        io::Write::write_all(&mut encoder, foreign).unwrap();
        let error = read(&encoder.finish().unwrap()).unwrap_err();
        assert!(error.to_string().contains("seamline 9.0.0"), "{error}");
    }
}
