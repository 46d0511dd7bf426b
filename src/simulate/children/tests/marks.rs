//! What marks do to a need, and that help never makes it worse.

use proptest::prelude::*;

use crate::model::{Need, ServiceId, SourceId};
use crate::scenario::Id;
use crate::simulate::children::ground::{Mark, NeedLaw, YEAR};
use crate::units::{Days, Factor, PerYear, Probability};

/// A need with these rates a year and these factors while helped.
fn law(up: [f64; 2], down: [f64; 3], harm: [f64; 3], helped: [f64; 3]) -> NeedLaw {
    let rate = |a_year: f64| PerYear::try_from(a_year).expect("a rate");
    let factor = |by: f64| Factor::try_from(by).expect("a factor");
    let need = Need {
        id: Id::new("any"),
        begins: rate(0.1),
        worsens: up.map(rate),
        eases: down.map(rate),
        worsens_when_helped: factor(helped[0]),
        eases_when_helped: factor(helped[1]),
        harm: harm.map(rate),
        harm_when_helped: factor(helped[2]),
        harm_refers: Probability::try_from(0.5).expect("a probability"),
        harm_met_by: SourceId::FIRST,
        referred_to: ServiceId::FIRST,
        grace: [Days::ZERO; 2],
    };
    NeedLaw::new(&need, &[1.0], 18)
}

fn after(level: u8, mark: Mark) -> u8 {
    match mark {
        Mark::Worse => level + 1,
        Mark::Better => level - 1,
        Mark::Harm | Mark::Nothing => level,
    }
}

fn rates<const N: usize>() -> impl Strategy<Value = [f64; N]> {
    // Zero is a rate as well.
    proptest::array::uniform(prop_oneof![1 => Just(0.0), 4 => 0.001..5.0_f64])
}

proptest! {
    /// Two copies of a child meet the same marks; one is helped now and then, the other never.
    /// The one with help is at no moment at a higher level.
    #[test]
    fn being_served_never_raises_the_level(
        (up, down, harm) in (rates::<2>(), rates::<3>(), rates::<3>()),
        (less, more, harmed) in (0.0..=1.0_f64, 1.0..5.0_f64, 0.0..=1.0_f64),
        first in 0u8..=3,
        marks in proptest::collection::vec((0.0..1.0_f64, any::<bool>()), 1..200),
    ) {
        let law = law(up, down, harm, [less, more, harmed]);
        let (mut helped, mut alone) = (first, first);
        for (position, is_helped) in marks {
            helped = after(helped, law.meaning(position, helped, is_helped));
            alone = after(alone, law.meaning(position, alone, false));
            prop_assert!(helped <= alone && alone <= 3);
            // A need begins for both at once; who is above level 0 already is not touched.
            if position > 0.9 {
                helped = helped.max(1);
                alone = alone.max(1);
            }
        }
    }

    /// At each level, the marks that raise, lower and harm take the shares of the line that
    /// their rates say.
    #[test]
    fn marks_come_at_the_rates_of_the_need(
        (up, down, harm) in (rates::<2>(), rates::<3>(), rates::<3>()),
        helped in (0.0..3.0_f64, 0.0..3.0_f64, 0.0..3.0_f64),
        served in any::<bool>(),
    ) {
        const POSITIONS: u32 = 20_000;
        let law = law(up, down, harm, [helped.0, helped.1, helped.2]);
        let factor = |by: f64| if served { by } else { 1.0 };
        for level in 1..=3u8 {
            let mut seen = [0.0; 3];
            for number in 0..POSITIONS {
                let position = (f64::from(number) + 0.5) / f64::from(POSITIONS);
                match law.meaning(position, level, served) {
                    Mark::Worse => seen[0] += 1.0,
                    Mark::Better => seen[1] += 1.0,
                    Mark::Harm => seen[2] += 1.0,
                    Mark::Nothing => {}
                }
            }
            let at = usize::from(level) - 1;
            let expected = [
                up.get(at).copied().unwrap_or(0.0) * factor(helped.0),
                down[at] * factor(helped.1),
                harm[at] * factor(helped.2),
            ];
            let a_position = law.marks * f64::from(YEAR) / f64::from(POSITIONS);
            for (seen, expected) in seen.into_iter().zip(expected) {
                prop_assert!((seen * a_position - expected).abs() <= 2.0 * a_position + 1e-9);
            }
        }
    }
}
