//! The tables of a run as one Excel workbook: a sheet each, headers that stay in sight, filters,
//! numbers as numbers, and a first sheet that says what is what.

use super::Table;
use crate::analysis::Summary;
use crate::report::File;
use crate::scenario::Study;

/// The workbook; `None` in a program built without it.
#[cfg(not(feature = "xlsx"))]
pub(super) fn of(_tables: &[Table], _summary: &Summary, _study: &Study) -> Option<File> {
    None
}

/// The workbook. Equal tables give equal bytes.
#[cfg(feature = "xlsx")]
pub(super) fn of(tables: &[Table], summary: &Summary, study: &Study) -> Option<File> {
    let bytes = sheets::write(tables, summary, study).expect(
        "a workbook in memory fails only on names and sizes that Excel forbids, and tables have none",
    );
    Some(File {
        name: super::WORKBOOK.to_owned(),
        bytes,
    })
}

#[cfg(feature = "xlsx")]
mod sheets {
    use rust_xlsxwriter::{
        Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook,
        Worksheet, XlsxError,
    };

    use super::super::{Table, dictionary};
    use crate::analysis::Summary;
    use crate::report::{caveat, terminal};
    use crate::scenario::Study;

    /// A table of one row for each trial, structure and measure is for programs, not for readers.
    const LEFT_OUT: [&str; 1] = ["trials.csv"];
    /// Rows that a sheet can hold, the header among them.
    const MOST_ROWS: usize = 1_048_576;
    const FONT: &str = "Arial";
    const DARK_BLUE: Color = Color::RGB(0x12_43_6D);
    const RULE: Color = Color::RGB(0xC3_C8_CD);
    /// Narrowest and widest column, in characters.
    const WIDTHS: (usize, usize) = (9, 60);

    pub(super) fn write(
        tables: &[Table],
        summary: &Summary,
        study: &Study,
    ) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The time of writing is no result; the same results are the same bytes.
        let created = ExcelDateTime::from_ymd(2003, 1, 1)?;
        workbook.set_properties(
            &DocProperties::new()
                .set_title(&study.name)
                .set_comment(&study.purpose)
                .set_author(env!("CARGO_PKG_NAME"))
                .set_creation_datetime(&created),
        );
        let shown: Vec<&Table> = tables
            .iter()
            .filter(|table| !LEFT_OUT.contains(&table.file) && table.rows.len() < MOST_ROWS)
            .collect();
        about(workbook.add_worksheet(), &shown, summary, study)?;
        for table in shown {
            sheet(workbook.add_worksheet(), table)?;
        }
        workbook.save_to_buffer()
    }

    /// What a table is called in the workbook.
    fn name(table: &Table) -> &'static str {
        match table.file {
            dictionary::FILE => "definitions",
            file => file.strip_suffix(".csv").unwrap_or(file),
        }
    }

    fn plain() -> Format {
        Format::new().set_font_name(FONT).set_font_size(10)
    }

    fn wrapped() -> Format {
        plain().set_text_wrap().set_align(FormatAlign::Top)
    }

    fn about(
        sheet: &mut Worksheet,
        tables: &[&Table],
        summary: &Summary,
        study: &Study,
    ) -> Result<(), XlsxError> {
        sheet.set_name("about")?.set_screen_gridlines(false);
        sheet.set_column_width(0, 22)?.set_column_width(1, 100)?;
        let head = plain().set_font_size(16).set_bold();
        let label = plain().set_bold().set_align(FormatAlign::Top);
        sheet.write_with_format(0, 0, study.name.as_str(), &head)?;
        let mut lines: Vec<(&str, String)> = vec![("Question", study.purpose.clone())];
        let structures: Vec<&str> = (summary.structures.iter())
            .map(|structure| structure.name.as_str())
            .collect();
        if let Some((baseline, others)) = structures.split_first() {
            lines.push(("Baseline", (*baseline).to_owned()));
            lines.push(("Compared with it", others.join("; ")));
        }
        lines.push((
            "Trials and seed",
            format!("{} trials, seed {}", summary.trials, study.seed),
        ));
        let sentences = terminal::sentences::of(summary);
        lines.push(("What the trials show", sentences.join(" ")));
        lines.push(("Conclusion", terminal::conclusion().to_owned()));
        lines.extend(caveat(summary).map(|caveat| ("Mind", caveat)));
        lines.push((
            "Reading the sheets",
            "Each sheet is one table of the run, with a row a value. Columns low_95 and high_95 are the \
             ends of the interval of 95%. The sheet \"definitions\" says what every column, measure and id \
             means. Differences are paired: the same children with the same luck under two structures."
                .to_owned(),
        ));
        let mut row = 2;
        for (name, words) in lines {
            sheet.write_with_format(row, 0, name, &label)?;
            sheet.write_with_format(row, 1, words.as_str(), &wrapped())?;
            row += 1;
        }
        row += 1;
        sheet.write_with_format(row, 0, "Sheet", &header())?;
        sheet.write_with_format(row, 1, "What it holds", &header())?;
        let link = plain()
            .set_font_color(DARK_BLUE)
            .set_underline(rust_xlsxwriter::FormatUnderline::Single);
        for table in tables {
            row += 1;
            let to = Url::new(format!("internal:'{}'!A1", name(table))).set_text(name(table));
            sheet.write_url_with_format(row, 0, to, &link)?;
            sheet.write_with_format(row, 1, table.about, &wrapped())?;
        }
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        Ok(())
    }

    fn header() -> Format {
        plain()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(DARK_BLUE)
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(RULE)
    }

    fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
        sheet.set_name(name(table))?;
        for (place, column) in table.columns.iter().enumerate() {
            let at = place as u16;
            let cells: Vec<&str> = table.rows.iter().map(|row| row[place].as_str()).collect();
            let width = cells
                .iter()
                .map(|cell| cell.chars().count())
                .chain([column.name.chars().count() + 3])
                .max()
                .unwrap_or(0)
                .clamp(WIDTHS.0, WIDTHS.1);
            sheet.set_column_width(at, width as f64 + 1.0)?;
            sheet.write_with_format(0, at, column.name, &header())?;
            let numbers = numbers(&cells);
            let form = match &numbers {
                Some(values) => plain().set_num_format(number_format(column.name, values)),
                None if cells.iter().any(|cell| cell.chars().count() > WIDTHS.1) => wrapped(),
                None => plain(),
            };
            for (row, cell) in cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let row = row as u32 + 1;
                match cell.parse::<f64>() {
                    Ok(value) if numbers.is_some() => {
                        sheet.write_number_with_format(row, at, value, &form)?
                    }
                    _ => sheet.write_string_with_format(row, at, *cell, &form)?,
                };
            }
        }
        let last = (table.rows.len() as u32, table.columns.len() as u16 - 1);
        sheet.autofilter(0, 0, last.0, last.1)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// The numbers of a column in which every cell that is not empty is one.
    fn numbers(cells: &[&str]) -> Option<Vec<f64>> {
        let found: Option<Vec<f64>> = cells
            .iter()
            .filter(|cell| !cell.is_empty())
            .map(|cell| cell.parse().ok().filter(|value: &f64| value.is_finite()))
            .collect();
        found.filter(|values| !values.is_empty())
    }

    /// Enough decimals for the smallest, thousands parted; none where all are whole.
    fn number_format(column: &str, values: &[f64]) -> &'static str {
        let is_whole = values.iter().all(|value| value.fract() == 0.0);
        let largest = values
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        match (is_whole, largest) {
            (true, _) if ["trial", "month", "year", "day"].contains(&column) => "0",
            (true, _) => "#,##0",
            (false, most) if most >= 1_000.0 => "#,##0.0",
            (false, most) if most >= 10.0 => "0.00",
            (false, _) => "0.0000",
        }
    }
}

#[cfg(feature = "xlsx")]
#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use crate::report::sample;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip");
        let mut text = String::new();
        archive
            .by_name(name)
            .expect("the workbook has the part")
            .read_to_string(&mut text)
            .expect("its parts are text");
        text
    }

    #[test]
    fn every_table_has_a_sheet_with_a_header_that_stays_in_sight() {
        let summary = sample::children(2);
        let scenario = sample::study();
        let file = super::super::workbook(&summary, &scenario).unwrap();
        let book = part(&file.bytes, "xl/workbook.xml");
        for name in ["about", "summary", "differences", "missed", "definitions"] {
            assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{name}");
        }
        assert!(!book.contains("<sheet name=\"trials\""));
        let sheet = part(&file.bytes, "xl/worksheets/sheet2.xml");
        assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter"));
        let again = super::super::workbook(&summary, &scenario).unwrap();
        assert!(again == file, "the same tables are the same bytes");
    }

    #[test]
    fn numbers_are_numbers_and_names_are_text() {
        let mut summary = sample::children(2);
        summary.structures[0].name = "=HYPERLINK(\"x\")".to_owned();
        let file = super::super::workbook(&summary, &sample::study()).unwrap();
        let sheet = part(&file.bytes, "xl/worksheets/sheet2.xml");
        assert!(!sheet.contains("<f>"), "a name became a formula");
        let value = summary.measures[0].rows[0].estimate.unwrap().value;
        let value = crate::report::numbers::rounded(value);
        assert!(
            sheet.contains(&format!("<v>{value}</v>")),
            "{value} is no number"
        );
    }
}
