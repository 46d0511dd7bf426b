//! No child's luck depends on another child.

use super::small::{BUNDLED_CHILDREN, Small, years_after};
use crate::engine::Instant;
use crate::measures::Count;
use crate::model::AreaId;
use crate::simulate::Trial;
use crate::simulate::children::state::{NONE, Slot};
use crate::simulate::children::tape::Entry;
use crate::simulate::children::{ChildrenTape, ChildrenTrial};

const AREAS: usize = 2;

/// What happens to the first `children` of each area, by their numbers within the area.
fn happenings(tape: &ChildrenTape, children: u32) -> Vec<Vec<Entry>> {
    tape.layout
        .iter()
        .map(|slots| {
            tape.tape
                .entries()
                .filter(|entry| (slots.first..slots.first + children).contains(&entry.slot))
                .map(|entry| Entry {
                    slot: entry.slot - slots.first,
                    ..entry
                })
                .collect()
        })
        .collect()
}

impl ChildrenTrial<'_> {
    /// Everything about a child, in words that name no position in a store.
    fn history(&self, slot: Slot) -> Vec<String> {
        let child = &self.children[slot as usize];
        let mut words = vec![format!(
            "{:?} {:?} {} {:?} {:?}",
            child.who,
            child.area,
            child.born,
            child.last_referral,
            (child.encounters != NONE).then(|| self.stores.encounters[child.encounters])
        )];
        let mut index = child.strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            words.push(format!(
                "{:?} {} {:?} {:?} {:?} {:?} {} {:?}",
                strand.need,
                strand.level,
                strand.standing,
                strand.since,
                strand.served_at,
                strand.first_referral,
                strand.help_draws,
                strand.lost,
            ));
            if let Some(number) = strand.handoff {
                let handoff = &self.stores.handoffs[number];
                words.push(format!(
                    "{:?} {:?} {:?} {:?} {}",
                    handoff.from, handoff.to, handoff.journey, handoff.informed, handoff.ordinal
                ));
            }
            index = strand.next;
        }
        let mut index = child.records;
        while index != NONE {
            let record = &self.stores.records[index];
            words.push(format!(
                "{:?} {:?} {:?} {} {:?} {:?}",
                record.holder,
                record.need,
                record.says,
                record.evidence,
                record.since,
                record.referred
            ));
            index = record.next;
        }
        words
    }

    fn histories(&self, children: u32) -> Vec<Vec<String>> {
        self.layout
            .iter()
            .flat_map(|slots| slots.first..slots.first + children)
            .map(|slot| self.history(slot))
            .collect()
    }
}

/// With room for all, children meet only through shared luck, and there is none. One more child
/// may open a block of slots of its own and move all later slots on.
#[track_caller]
fn check_one_more(children: u32) {
    let set = ["area.typical-council-2003.moves=20% per year"];
    let (base, more) = (
        Small::roomy(AREAS as u32, children, &set),
        Small::roomy(AREAS as u32, children + 1, &set),
    );
    let (tape, longer) = (base.tape(0, 3), more.tape(0, 3));
    assert!(happenings(&tape, children) == happenings(&longer, children));
    for structure in 0..base.structures.len() {
        let mut one = base.begin(&tape, structure);
        let mut other = more.begin(&longer, structure);
        for quarter in 1..=12 {
            let at = Instant::at(years_after(quarter).seconds() / 4);
            one.run_until(at);
            other.run_until(at);
            assert!(
                one.histories(children) == other.histories(children),
                "structure {structure}, quarter {quarter}"
            );
        }
    }
}

#[test]
fn one_more_child_changes_no_other_child() {
    check_one_more(700);
}

#[test]
fn a_child_that_opens_a_new_block_changes_no_other_child() {
    check_one_more(1024);
}

#[test]
fn one_more_area_changes_no_other_area_where_nobody_moves() {
    let still = ["area.typical-council-2003.moves=0 per year"];
    let (two, three) = (Small::roomy(2, 700, &still), Small::roomy(3, 700, &still));
    let (tape, longer) = (two.tape(0, 2), three.tape(0, 2));
    let (mut one, mut other) = (two.begin(&tape, 0), three.begin(&longer, 0));
    one.run_until(years_after(2));
    other.run_until(years_after(2));
    let first: Vec<_> = other.histories(700).into_iter().take(AREAS * 700).collect();
    assert!(one.histories(700) == first);
    assert_eq!(other.layout[2].area, AreaId::new(2));
}

/// Scripted children stand behind all others: with room for all, nobody else's life changes.
#[test]
fn scripted_children_change_no_other_child() {
    let set = ["area.typical-council-2003.moves=20% per year"];
    let without = Small::roomy(AREAS as u32, 700, &set);
    let with = Small::changed(AREAS as u32, 700, 50.0 * 60_000.0, &set, |world| {
        world.cases = vec![super::scripted::met_often(world)];
    });
    let (tape, longer) = (without.tape(0, 2), with.tape(0, 2));
    assert!(happenings(&tape, 700) == happenings(&longer, 700));
    for structure in 0..without.structures.len() {
        let mut one = without.begin(&tape, structure);
        let mut other = with.begin(&longer, structure);
        one.begin_observing();
        other.begin_observing();
        for quarter in 1..=8 {
            let at = Instant::at(years_after(quarter).seconds() / 4);
            one.run_until(at);
            other.run_until(at);
            assert!(
                one.histories(700) == other.histories(700),
                "structure {structure}, quarter {quarter}"
            );
        }
        let referrals = |trial: ChildrenTrial<'_>| trial.finish().0.count(Count::Referrals);
        let (without, with) = (referrals(one), referrals(other));
        assert!(
            with >= without + 2 * 20,
            "{with} referrals, {without} without"
        );
    }
}

#[test]
fn a_family_that_leaves_goes_to_another_area_in_proportion_to_its_children() {
    let sizes = [100, 500, 1_000, 2_400];
    let small = Small::changed(4, 1_000, BUNDLED_CHILDREN, &[], |world| {
        for (area, children) in world.areas.iter_mut().zip(sizes) {
            area.children = children;
        }
    });
    // Evenly along all choices.
    let choices = 4_000;
    let step = u32::MAX / choices;
    for from in 0..4 {
        let mut gone = [0_u32; 4];
        for choice in 0..choices {
            let to = small.ground.new_home(AreaId::new(from), choice * step);
            gone[to.index()] += 1;
        }
        let elsewhere: u32 = sizes.iter().sum::<u32>() - sizes[from];
        for (to, children) in sizes.into_iter().enumerate() {
            let expected = if to == from {
                0
            } else {
                children * choices / elsewhere
            };
            assert!(gone[to].abs_diff(expected) <= 2, "from {from}: {gone:?}");
        }
    }
}

#[test]
fn areas_of_one_size_are_chosen_alike() {
    let small = Small::new(5, 777, BUNDLED_CHILDREN, &[]);
    for from in 0..5_usize {
        for choice in (0..=u32::MAX).step_by(10_007_111) {
            let pick = ((u64::from(choice) * 4) >> 32) as usize;
            let plain = if pick >= from { pick + 1 } else { pick };
            let to = small.ground.new_home(AreaId::new(from), choice);
            assert_eq!(to.index(), plain, "{from} {choice}");
        }
    }
}
