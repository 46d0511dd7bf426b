//! Contact and detection: who meets a child, what is noted, and when it is enough to refer.
//!
//! Only contacts that leave a record are ever drawn. Those that a child without need would have come
//! from the tape; those beyond come from the child's own process, at the difference of the rates.
//! Together they come at the right rate, and each draws its signals at the child's present levels.

use super::ChildrenTrial;
use super::purpose::Purpose;
use super::state::{Due, Encounters, NONE, Record, Referral, Says, Slot, bit};
use crate::engine::{Block, Luck, Who, normal_quantile};
use crate::measures::{Count, Standing};
use crate::model::{NeedId, Place, SourceId};
use crate::simulate::diary::{Response, What};

/// What is left of a record below this is forgotten.
const FORGOTTEN: f64 = 0.05;

/// Levels of a child's needs, two bits each: at most 32 needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Levels(u64);

impl Levels {
    fn of(&self, need: usize) -> u8 {
        (self.0 >> (2 * need)) as u8 & 3
    }
}

impl ChildrenTrial<'_> {
    fn levels(&self, slot: Slot) -> Levels {
        let mut levels = 0;
        let mut index = self.children[slot as usize].strands;
        while index != NONE {
            let strand = &self.stores.strands[index];
            levels |= u64::from(strand.level) << (2 * strand.need.index());
            index = strand.next;
        }
        Levels(levels)
    }

    /// Plans the next contact of the child's own process that leaves a record.
    ///
    /// The process has unit rate in the time that the hazard adds up to: the next contact comes when
    /// the hazard since the cell began reaches a target that is drawn for this child, cell and
    /// count alone. Under two structures a child at the same levels so meets the same people on the
    /// same days, and comes back to them in the next cell where its histories had parted.
    pub(super) fn plan_contact(&mut self, slot: Slot) {
        let now = self.now;
        let levels = self.levels(slot);
        let is_scripted = self.is_scripted(slot);
        let ground = self.ground;
        let child = &mut self.children[slot as usize];
        if let Some(ticket) = child.contact.take().and_then(|it| it.ticket) {
            self.calendar.cancel(ticket);
        }
        if child.encounters != NONE {
            let encounters = &mut self.stores.encounters[child.encounters];
            encounters.used += encounters.rate * f64::from(now.since(encounters.since));
            encounters.since = now;
            encounters.rate = 0.0;
        }
        // A scripted child meets nobody but those of its script.
        if levels.0 == 0 || is_scripted {
            return;
        }
        if child.encounters == NONE {
            child.encounters = self.stores.encounters.insert(Encounters::default());
        }
        let encounters = &mut self.stores.encounters[child.encounters];
        let (cell, cell_end) = ground.presentation_cell(child.who, now);
        // Cells are numbered from 0; one more tells the first from none.
        if encounters.cell != cell + 1 {
            *encounters = Encounters {
                cell: cell + 1,
                target: unit_exponential(own_contact(&self.luck, child.who, cell, 0)),
                since: now,
                ..Encounters::default()
            };
        }
        let presented = ground.presented(&self.luck, child.who, now);

        let (rates, total) = ground.excess_contacts(levels.0, &presented, child.born, now);
        encounters.rate = total;
        let pause = cell_end.min(ground.next_age_step(child.born, now));
        let wait = (encounters.target - encounters.used).max(0.0) / total;
        let at = now.after((wait as u32).saturating_add(1));
        let met = if at < pause {
            let draw = own_contact(&self.luck, child.who, cell, encounters.met);
            let mut position = draw.second() * total;
            ground.world.source_ids().zip(rates).find(|(_, rate)| {
                position -= rate;
                position < 0.0
            })
        } else {
            None
        };
        let what = met.map(|(source, _)| source);
        let at = if what.is_some() { at } else { pause };
        if at < self.end {
            child.contact = Some(Due {
                at,
                what,
                ticket: None,
            });
            if child.awake {
                self.schedule_contact(slot);
            }
        }
    }

    /// A contact of the child's own process: the next one is drawn before anything comes of this.
    pub(super) fn own_contact(&mut self, slot: Slot, source: SourceId) {
        let child = &mut self.children[slot as usize];
        child.contact = None;
        let encounters = &mut self.stores.encounters[child.encounters];
        encounters.used = encounters.target;
        encounters.since = self.now;
        encounters.met += 1;
        let draw = own_contact(&self.luck, child.who, encounters.cell - 1, encounters.met);
        encounters.target += unit_exponential(draw);
        self.contact(slot, source);
        self.plan_contact(slot);
    }

    /// A source meets a child and notes something about at least one need.
    ///
    /// The needs are gone through in order: one uniform says which is the first that is noted, given
    /// that one is; another, whether any after it is noted too, and which comes first; and so on. A
    /// noted signal is normal, cut at the noting level.
    pub(super) fn contact(&mut self, slot: Slot, source: SourceId) {
        let ground = self.ground;
        let Some(meeting) = &ground.source(source).meets else {
            return;
        };
        self.count(Count::NotedContacts);
        let child = self.children[slot as usize];
        let levels = self.levels(slot);
        let presented = ground.presented(&self.luck, child.who, self.now);
        let who = child.who.with(ground.source(source).who);
        let seen = meeting.seen();
        let mut referred = 0;
        let mut next = 0;
        while next < seen.len() {
            let noted = meeting.noted_among(&seen[next..], |need| levels.of(need), &presented);
            let draw = self.luck.block(
                who.number(next as u32),
                Purpose::Signal as u16,
                self.now.seconds(),
            );
            // The contact is one that leaves a record: of the first round it is given that one does.
            let given = if next == 0 { noted } else { 1.0 };
            let mut left = draw.uniform() * given;
            if left >= noted {
                break;
            }
            let mut unnoted_before = 1.0;
            let mut tail = 0.0;
            while next < seen.len() {
                tail = meeting.tail(seen[next], levels.of(seen[next]), &presented);
                let first = unnoted_before * tail;
                if left < first {
                    break;
                }
                left -= first;
                unnoted_before *= 1.0 - tail;
                next += 1;
            }
            // Rounding may leave a sliver beyond the last need: it is the last one's.
            let at = next.min(seen.len() - 1);
            let need = NeedId::new(seen[at]);
            let signal = meeting.mean_signal(seen[at], levels.of(seen[at]), &presented)
                - meeting.noise() * normal_quantile(draw.second() * tail);
            let evidence = meeting.evidence(seen[at], signal);
            if self.note(slot, source, need, evidence) {
                referred |= bit(need.index());
            }
            next += 1;
        }
        if referred != 0 {
            let referral = Referral {
                by: source,
                needs: referred,
                found_by: Count::FoundByContact,
            };
            self.refer_in_turn(slot, referral);
        }
    }

    /// Adds to what a source holds about a need. Is it enough to refer now?
    pub(super) fn note(
        &mut self,
        slot: Slot,
        source: SourceId,
        need: NeedId,
        evidence: f64,
    ) -> bool {
        let area = self.children[slot as usize].area;
        let holder = Place { source, area };
        self.add_record(slot, holder, need, Says::Concern, evidence);
        let then = self.respond(slot, holder, need);
        self.tell(slot, |it| What::Noted {
            by: holder,
            need,
            worth: evidence,
            held: it.held_about(slot, holder, need),
            then,
        });
        then == Response::Refers
    }

    /// What a source does about a need of which it has just noted something.
    fn respond(&mut self, slot: Slot, holder: Place, need: NeedId) -> Response {
        let now = self.now;
        let strand = self.stores.strand(&self.children[slot as usize], need);
        if let Some(index) = strand {
            self.make_known(index);
            if !self.can_be_referred(index) {
                return Response::InHand;
            }
        }
        let Some(sighting) = self.ground.world.sources[holder.source.index()]
            .meets
            .as_ref()
            .and_then(|meets| meets.sees[need.index()])
        else {
            return Response::NeverRefers;
        };
        if self.is_apart && self.evidence_at_most(slot, holder, need) >= sighting.refers_above {
            return Response::Refers;
        }
        let sum = self.evidence_seen(slot, holder, need);
        if sum < sighting.refers_above {
            return Response::NotEnough;
        }
        let Some(index) = self.record_of(slot, holder, need, Says::Concern) else {
            return Response::NotEnough;
        };
        let referral = &self.ground.world.referral;
        let (pause, step) = (self.referral_pause, referral.unless_stronger_by);
        let record = &mut self.stores.records[index];
        let waits = record
            .referred
            .is_some_and(|(at, on)| now.since(at) < pause && sum < on + step);
        if waits {
            return Response::ReferredLately;
        }
        record.referred = Some((now, sum));
        Response::Refers
    }

    /// May this strand be referred: is it in nobody's hands?
    pub(super) fn can_be_referred(&self, index: u32) -> bool {
        let strand = &self.stores.strands[index];
        !strand.in_hand()
            || strand.standing == Standing::LostInHandoff
            || strand.standing == Standing::LostInMove
    }

    fn record_of(&self, slot: Slot, holder: Place, need: NeedId, says: Says) -> Option<u32> {
        let mut index = self.children[slot as usize].records;
        while index != NONE {
            let record = &self.stores.records[index];
            if record.holder == holder && record.need == need && record.says == says {
                return Some(index);
            }
            index = record.next;
        }
        None
    }

    /// What is left of a record's evidence now.
    pub(super) fn faded(&self, record: &Record) -> f64 {
        let age = f64::from(self.now.since(record.since));
        record.evidence * libm::exp2(-age / self.half_life)
    }

    /// Adds evidence to a record, with a floor at 0; drops records that are all but forgotten.
    pub(super) fn add_record(
        &mut self,
        slot: Slot,
        holder: Place,
        need: NeedId,
        says: Says,
        evidence: f64,
    ) {
        self.drop_forgotten(slot);
        let now = self.now;
        if let Some(index) = self.record_of(slot, holder, need, says) {
            let sum = (self.faded(&self.stores.records[index]) + evidence).max(0.0);
            let record = &mut self.stores.records[index];
            record.evidence = sum;
            record.since = now;
            return;
        }
        let child = &mut self.children[slot as usize];
        child.records = self.stores.records.insert(Record {
            next: child.records,
            holder,
            need,
            says,
            evidence: evidence.max(0.0),
            since: now,
            referred: None,
        });
    }

    fn drop_forgotten(&mut self, slot: Slot) {
        let mut before = NONE;
        let mut index = self.children[slot as usize].records;
        while index != NONE {
            let record = self.stores.records[index];
            let pausing = record
                .referred
                .is_some_and(|(at, _)| self.now.since(at) < self.referral_pause);
            if self.faded(&record) < FORGOTTEN && !pausing {
                self.stores.records.remove(index);
                if before == NONE {
                    self.children[slot as usize].records = record.next;
                } else {
                    self.stores.records[before].next = record.next;
                }
            } else {
                before = index;
            }
            index = record.next;
        }
    }

    /// What a source can add up about a need: all concerns in its record block and the visible share
    /// of the others', less the conclusions that its block sees; never below 0.
    pub(super) fn evidence_seen(&self, slot: Slot, viewer: Place, need: NeedId) -> f64 {
        let elsewhere = self.ground.world.records.seen_elsewhere.get();
        let mut sum = 0.0;
        let mut index = self.children[slot as usize].records;
        while index != NONE {
            let record = &self.stores.records[index];
            if record.need == need {
                let seen = if self
                    .structure
                    .joined(&self.structure.records, viewer, record.holder)
                {
                    1.0
                } else {
                    elsewhere
                };
                match record.says {
                    Says::Concern => sum += seen * self.faded(record),
                    Says::Conclusion => sum -= seen * self.faded(record),
                }
            }
            index = record.next;
        }
        sum.max(0.0)
    }
}

impl ChildrenTrial<'_> {
    /// The most that a source could add up about a need under any structure: every concern, less what
    /// it sees of conclusions whoever shares records with whom.
    fn evidence_at_most(&self, slot: Slot, viewer: Place, need: NeedId) -> f64 {
        let elsewhere = self.ground.world.records.seen_elsewhere.get();
        let mut sum = 0.0;
        let mut index = self.children[slot as usize].records;
        while index != NONE {
            let record = &self.stores.records[index];
            index = record.next;
            if record.need != need {
                continue;
            }
            match record.says {
                Says::Concern => sum += self.faded(record),
                Says::Conclusion if record.holder == viewer => sum -= self.faded(record),
                Says::Conclusion => sum -= elsewhere * self.faded(record),
            }
        }
        sum.max(0.0)
    }
}

/// The luck of the n-th contact of a child's cell: how much hazard it takes, and who it is.
fn own_contact(luck: &Luck, who: Who, cell: u32, met: u32) -> Block {
    luck.block(who.number(cell), Purpose::OwnContact as u16, met)
}

fn unit_exponential(draw: Block) -> f64 {
    -libm::log(draw.uniform())
}
