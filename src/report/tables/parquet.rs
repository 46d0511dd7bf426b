//! Each measure in each trial as Parquet, for R, Python and databases: a row for each trial, structure
//! and measure, and what they mean in the file's own metadata.

use crate::analysis::Summary;
use crate::report::File;
use crate::scenario::Scenario;

/// The file; `None` in a program built without it.
#[cfg(not(feature = "parquet"))]
pub(super) fn of(_summary: &Summary, _scenario: &Scenario) -> Option<File> {
    None
}

/// The file. Equal results give equal bytes.
#[cfg(feature = "parquet")]
pub(super) fn of(summary: &Summary, scenario: &Scenario) -> Option<File> {
    let bytes = rows::write(summary, scenario).expect("writing to memory cannot fail");
    Some(File {
        name: super::PARQUET.to_owned(),
        bytes,
    })
}

#[cfg(feature = "parquet")]
mod rows {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
    use parquet::errors::Result;
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
    use parquet::schema::parser::parse_message_type;

    use crate::analysis::Summary;
    use crate::report::manifest;
    use crate::scenario::Scenario;

    const COLUMNS: &str = "message trials {
        REQUIRED INT32 trial;
        REQUIRED BYTE_ARRAY structure (STRING);
        REQUIRED BYTE_ARRAY measure (STRING);
        OPTIONAL DOUBLE value;
        REQUIRED BYTE_ARRAY unit (STRING);
    }";

    pub(super) fn write(summary: &Summary, scenario: &Scenario) -> Result<Vec<u8>> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            // Else the version of the writing library would stand in the bytes.
            .set_created_by(concat!("seamline ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(metadata(summary, scenario)))
            .build();
        let mut bytes = Vec::new();
        let schema = Arc::new(parse_message_type(COLUMNS)?);
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        let rows: Vec<(usize, usize, usize)> = (0..summary.trials)
            .flat_map(|trial| {
                (0..summary.structures.len()).flat_map(move |structure| {
                    (0..summary.measures.len()).map(move |measure| (trial, structure, measure))
                })
            })
            .collect();
        let each = || rows.iter().copied();
        let trials: Vec<i32> = each().map(|(trial, ..)| trial as i32 + 1).collect();
        numbers(&mut group, &trials)?;
        texts(
            &mut group,
            each().map(|(_, it, _)| summary.structures[it].id.as_str()),
        )?;
        texts(
            &mut group,
            each().map(|(.., it)| summary.measures[it].measure.id),
        )?;
        let values: Vec<Option<f64>> = each()
            .map(|(trial, structure, it)| summary.measures[it].rows[structure].by_trial[trial])
            .collect();
        maybe_numbers(&mut group, &values)?;
        texts(
            &mut group,
            each().map(|(.., it)| summary.measures[it].measure.unit),
        )?;
        group.close()?;
        writer.close()?;
        Ok(bytes)
    }

    fn numbers(
        group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
        values: &[i32],
    ) -> Result<()> {
        if let Some(mut column) = group.next_column()? {
            column
                .typed::<Int32Type>()
                .write_batch(values, None, None)?;
            column.close()?;
        }
        Ok(())
    }

    fn texts<'a>(
        group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
        values: impl Iterator<Item = &'a str>,
    ) -> Result<()> {
        let values: Vec<ByteArray> = values.map(ByteArray::from).collect();
        if let Some(mut column) = group.next_column()? {
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, None, None)?;
            column.close()?;
        }
        Ok(())
    }

    fn maybe_numbers(
        group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
        values: &[Option<f64>],
    ) -> Result<()> {
        let there: Vec<f64> = values.iter().copied().flatten().collect();
        let levels: Vec<i16> = values.iter().map(|it| i16::from(it.is_some())).collect();
        if let Some(mut column) = group.next_column()? {
            column
                .typed::<DoubleType>()
                .write_batch(&there, Some(&levels), None)?;
            column.close()?;
        }
        Ok(())
    }

    /// What a reader needs who has this file and nothing else.
    fn metadata(summary: &Summary, scenario: &Scenario) -> Vec<KeyValue> {
        let study = &scenario.study;
        let names: BTreeMap<&str, &str> = (summary.structures.iter())
            .map(|structure| (structure.id.as_str(), structure.name.as_str()))
            .collect();
        let measures: BTreeMap<&str, &str> = (summary.measures.iter())
            .map(|compared| (compared.measure.id, compared.measure.definition))
            .collect();
        let json = |words: &BTreeMap<&str, &str>| {
            serde_json::to_string(words).expect("plain text is always JSON")
        };
        let baseline = summary.structures.first();
        [
            ("program", env!("CARGO_PKG_NAME").to_owned()),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("study", study.id.to_string()),
            ("question", study.purpose.clone()),
            ("seed", study.seed.to_string()),
            ("inputs_sha256", manifest::inputs(scenario)),
            (
                "baseline",
                baseline.map_or_else(String::new, |it| it.id.clone()),
            ),
            ("primary_measure", summary.primary.id.to_owned()),
            ("structures", json(&names)),
            ("measures", json(&measures)),
            (
                "pairing",
                "The same trial is the same children with the same luck under every structure: \
                 compare within trials."
                    .to_owned(),
            ),
        ]
        .into_iter()
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
        .collect()
    }
}

#[cfg(feature = "parquet")]
#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;

    use super::*;
    use crate::report::sample;

    #[test]
    fn the_rows_read_back_as_the_values_by_trial() {
        let mut summary = sample::children(2);
        summary.measures[0].rows[1].by_trial[0] = None;
        let file = of(&summary, &sample::study()).unwrap();
        let reader = SerializedFileReader::new(bytes(&file)).unwrap();
        let measures = summary.measures.len();
        for (number, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let row = row.unwrap();
            let (trial, rest) = (number / (2 * measures), number % (2 * measures));
            let (structure, measure) = (rest / measures, rest % measures);
            assert_eq!(row.get_int(0).unwrap(), trial as i32 + 1);
            assert_eq!(
                row.get_string(1).unwrap(),
                &summary.structures[structure].id
            );
            let compared = &summary.measures[measure];
            assert_eq!(row.get_string(2).unwrap(), compared.measure.id);
            assert_eq!(
                row.get_double(3).ok(),
                compared.rows[structure].by_trial[trial]
            );
        }
        let rows = reader.metadata().file_metadata().num_rows();
        assert_eq!(rows as usize, 2 * measures * summary.trials);
    }

    #[test]
    fn the_file_says_what_it_holds_and_is_the_same_each_time() {
        let summary = sample::children(2);
        let file = of(&summary, &sample::study()).unwrap();
        assert!(file == of(&summary, &sample::study()).unwrap());
        let reader = SerializedFileReader::new(bytes(&file)).unwrap();
        let metadata = reader.metadata().file_metadata();
        let pairs = metadata.key_value_metadata().unwrap();
        let value = |key: &str| {
            let pair = pairs.iter().find(|pair| pair.key == key).unwrap();
            pair.value.clone().unwrap()
        };
        assert_eq!(value("study"), "sample-study");
        assert_eq!(value("baseline"), summary.structures[0].id);
        assert!(value("measures").contains("known-missed"));
        assert_eq!(
            metadata.created_by(),
            Some(concat!("seamline ", env!("CARGO_PKG_VERSION")))
        );
    }

    fn bytes(file: &File) -> bytes::Bytes {
        bytes::Bytes::from(file.bytes.clone())
    }
}
