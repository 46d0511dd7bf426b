//! What each parameter is worth finding out before choosing, and what all of them together are.

use super::Choosing;
use super::common::{
    Key, Label, NAMES, Sign, axis, axis_height, places_of, scale_with_zero, unit, within,
};
use crate::analysis::decision::Worth;
use crate::report::charts::canvas::{
    BODY, Canvas, GRID, Hang, Heading, INK, MARGIN, MUTED, SMALL, Scale, WIDTH, draw as page,
};
use crate::report::charts::look::Look;
use crate::report::charts::palette;
use crate::report::decide::graded;
use crate::report::numbers::{count, plain};

const LEFT: f64 = MARGIN + NAMES;
const NUMBERS: f64 = 96.0;
const BAR: f64 = 14.0;
const ROW: f64 = 30.0;
/// Parameters with a bar of their own.
const MOST: usize = 12;
/// Standard errors beyond which a worth is told from none.
const BEYOND: f64 = 1.96;

/// The chart; `None` where nothing was drawn or there is nothing to choose from.
pub fn worth(of: &Choosing, look: &Look) -> Option<String> {
    let each = &of.of.of_each;
    if of.structures.len() < 2 || each.is_empty() {
        return None;
    }
    let shown = &each[..each.len().min(MOST)];
    let all = of.of.perfect.0;
    let labels: Vec<Label> = shown
        .iter()
        .map(|(place, _)| {
            let parameter = &of.parameters[*place];
            Label::of_path(parameter.path(), graded(parameter.grade))
        })
        .collect();
    let key = Key::of([
        (Sign::Fill(palette::BETTER), "told from none".to_owned()),
        (
            Sign::Frame(palette::NEITHER),
            "not told from none".to_owned(),
        ),
        (Sign::Line(INK, 1.6, &[]), "95% interval".to_owned()),
        (
            Sign::Line(palette::WORSE, 2.0, &[5.0, 3.0]),
            "all values together, with its interval as a band".to_owned(),
        ),
    ]);
    let left_out = each.len() - shown.len();
    let others = match left_out {
        0 => String::new(),
        1 => " One value that is worth less is not shown.".to_owned(),
        left_out => format!(" {left_out} values that are worth less are not shown."),
    };
    let heading = Heading {
        id: "decide-worth",
        title: title(of),
        subtitle: format!(
            "How much less would be lost, on average over {} draws, by choosing after a value is known \
             instead of before. Single worths do not add up.{others}",
            count(of.draws as u64)
        ),
        description: description(of, shown),
        caveat: None,
    };
    let pixels = (LEFT, WIDTH - MARGIN - NUMBERS);
    let words = BODY.wrap(
        &format!("{}: {}", of.of.measure.name, unit(of.of.measure)),
        WIDTH - MARGIN - LEFT,
        2,
    );
    let heights: Vec<f64> = labels.iter().map(|it| it.height(ROW)).collect();
    let rows: f64 = heights.iter().sum();
    let height = key.height() + rows + axis_height(&words);
    let svg = page(&heading, look, height, |canvas, top| {
        key.draw(canvas, top);
        let first = top + key.height();
        let last = first + rows;
        let single = shown.iter().map(|(_, it)| interval(it.corrected, it).1);
        let ends = single.chain([interval(all.value, &all).1]);
        let across = scale_with_zero(ends, pixels);
        let (low, high) = interval(all.value, &all);
        let (low, high) = (across.at(low), across.at(high));
        let band = [(low, first), (high, first), (high, last), (low, last)];
        canvas.veil(&band, palette::QUEUES[0].0, 0.4);
        axis(canvas, &across, (first, last), ("", &words));
        let x = across.at(all.value.max(0.0));
        canvas.dashed(&[(x, first), (x, last)], palette::WORSE, 2.0, &[5.0, 3.0]);
        let digits = digits(of);
        let mut y = first;
        for (((_, worth), label), height) in shown.iter().zip(&labels).zip(&heights) {
            let middle = y + height / 2.0;
            y += height;
            canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 1.0);
            label.draw(canvas, middle);
            bar(canvas, worth, &across, (middle, digits));
        }
        canvas.line(&[(LEFT, first), (LEFT, last)], INK, 1.2);
    });
    Some(svg)
}

/// An interval of 95% that ends at 0 at the lowest: no knowledge is worth less than none.
fn interval(value: f64, worth: &Worth) -> (f64, f64) {
    let half = BEYOND * worth.standard_error;
    ((value - half).max(0.0), (value + half).max(0.0))
}

fn digits(of: &Choosing) -> usize {
    let each = of.of.of_each.iter().map(|(_, it)| it.corrected);
    places_of(each.chain([of.of.perfect.0.value]))
}

fn is_told(worth: &Worth) -> bool {
    worth.corrected > BEYOND * worth.standard_error
}

fn bar(canvas: &Canvas, worth: &Worth, across: &Scale, (middle, digits): (f64, usize)) {
    let end = across.at(worth.corrected.max(0.0));
    let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
    let told = format!(
        "{} ± {}",
        plain(worth.corrected, digits),
        plain(BEYOND * worth.standard_error, digits)
    );
    canvas.telling(&told, || {
        if is_told(worth) {
            canvas.rectangle((LEFT, top), (end, bottom), palette::BETTER);
        } else {
            canvas.rectangle((LEFT, top), (end, bottom), palette::PAPER);
            canvas.frame((LEFT, top), (end, bottom), palette::NEITHER, 1.2);
        }
        let (low, high) = interval(worth.corrected, worth);
        let (low, high) = (across.at(low), across.at(high));
        // On paper, so that the line can be seen on the bar.
        canvas.line(&[(low, middle), (high, middle)], palette::PAPER, 3.6);
        canvas.line(&[(low, middle), (high, middle)], INK, 1.6);
        for x in [low, high] {
            canvas.line(&[(x, middle - 4.0), (x, middle + 4.0)], INK, 1.6);
        }
    });
    let told = SMALL.wrap(&told, NUMBERS - 6.0, 1).concat();
    canvas.text(&told, SMALL, MUTED, Hang::Right, (WIDTH - MARGIN, middle));
}

fn title(of: &Choosing) -> String {
    let told = of.of.of_each.iter().filter(|(_, it)| is_told(it));
    let many = told.clone().count();
    let unit = unit(of.of.measure);
    let digits = digits(of);
    let measure = within(of.of.measure);
    match told.clone().next() {
        None => format!(
            "These draws cannot tell that any single value is worth finding out ({measure})"
        ),
        Some((place, worth)) => {
            let path = of.parameters[*place].path();
            let others = match many - 1 {
                0 => "no other value is clearly worth anything".to_owned(),
                1 => "one other value is clearly worth something".to_owned(),
                more => format!("{more} others are clearly worth something"),
            };
            format!(
                "To know {path} first would save {} {unit} on average; {others}",
                plain(worth.corrected, digits)
            )
        }
    }
}

fn description(of: &Choosing, shown: &[(usize, Worth)]) -> String {
    let digits = digits(of);
    let told = |value: f64, worth: &Worth| {
        format!(
            "{} with a standard error of {}",
            plain(value, digits),
            plain(worth.standard_error, digits)
        )
    };
    let each: Vec<String> = shown
        .iter()
        .map(|(place, worth)| {
            let path = of.parameters[*place].path();
            format!("{path}: {}", told(worth.corrected, worth))
        })
        .collect();
    let all = of.of.perfect.0;
    format!(
        "Bars of what it is worth to know each value before choosing, in {} of {}. All values together: {}. {}.",
        unit(of.of.measure),
        within(of.of.measure),
        told(all.value, &all),
        each.join(". ")
    )
}
