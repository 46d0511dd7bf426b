//! What queueing theory says of a service in closed form: the companion of a simulated queue.
//!
//! Rates are cases a day, times are days. Every formula is for the long run of a stationary system.
//! Sources: Erlang (1917), The Post Office Electrical Engineers' Journal 10, 189-197 (B and C);
//! Palm (1957), Tele 1, 1-107 (A); Cobham (1954), Operations Research 2(1), 70-76,
//! <https://doi.org/10.1287/opre.2.1.70>; Kleinrock (1975), Queueing Systems 1, chapter 5 (Pollaczek
//! and Khinchine); Kella and Yechiali (1985), Naval Research Logistics 32, 677-684 (ranks, several
//! places).

/// Chance that a case finds all places taken and is turned away (Erlang B), at this offered load.
pub fn erlang_b(places: u32, load: f64) -> f64 {
    // By its recursion: no factorials, so nothing overflows.
    (1..=places).fold(1.0, |blocked, n| {
        load * blocked / (f64::from(n) + load * blocked)
    })
}

/// Chance that a case finds all places taken and waits (Erlang C); `None` where the load is not less
/// than the places.
pub fn erlang_c(places: u32, load: f64) -> Option<f64> {
    let spare = 1.0 - load / f64::from(places);
    let blocked = erlang_b(places, load);
    (spare > 0.0).then(|| blocked / (spare + (1.0 - spare) * blocked))
}

/// Mean wait of all cases where arrivals are Poisson, stays exponential with this mean and nobody
/// gives up; `None` where there is no steady state.
pub fn mean_wait(rate: f64, stay: f64, places: u32) -> Option<f64> {
    let load = rate * stay;
    Some(erlang_c(places, load)? * stay / (f64::from(places) - load))
}

/// Mean wait with one place and stays of any law: its mean and squared coefficient of variation
/// (Pollaczek and Khinchine); `None` where there is no steady state.
pub fn one_place(rate: f64, stay: f64, squared_cv: f64) -> Option<f64> {
    let load = rate * stay;
    (load < 1.0).then(|| load * stay * (1.0 + squared_cv) / (2.0 * (1.0 - load)))
}

/// A class of cases at a service that takes the more urgent first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Arrivals a day.
    pub rate: f64,
    /// Mean stay, days.
    pub stay: f64,
    /// Squared coefficient of variation of the stay.
    pub squared_cv: f64,
}

/// Mean waits by class, most urgent first, with one place that is never taken from a case (Cobham);
/// `None` where there is no steady state.
pub fn cobham(classes: &[Class]) -> Option<Vec<f64>> {
    let residual: f64 = classes
        .iter()
        .map(|it| it.rate * it.stay * it.stay * (1.0 + it.squared_cv) / 2.0)
        .sum();
    by_rank(residual, classes.iter().map(|it| it.rate * it.stay))
}

/// Mean waits by class, most urgent first, with several places and exponential stays of the same mean
/// for all; `None` where there is no steady state.
pub fn ranked(rates: &[f64], stay: f64, places: u32) -> Option<Vec<f64>> {
    let load: f64 = rates.iter().sum::<f64>() * stay;
    let first = erlang_c(places, load)? * stay / f64::from(places);
    by_rank(
        first,
        rates.iter().map(|rate| rate * stay / f64::from(places)),
    )
}

/// `residual / ((1 - before) (1 - with))`, with the shares of time that classes take.
fn by_rank(residual: f64, loads: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut before = 0.0;
    loads
        .map(|load| {
            let with = before + load;
            let wait = residual / ((1.0 - before) * (1.0 - with));
            before = with;
            (with < 1.0).then_some(wait)
        })
        .collect()
}

/// What a service with impatient cases comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErlangA {
    /// Share of cases that give up.
    pub gives_up: f64,
    /// Mean time in the waiting list over all cases, days.
    pub wait: f64,
}

/// Weights beyond this are taken as the measure of all others.
const LARGE: f64 = 1e200;

/// Poisson arrivals, exponential stays and exponential patience of this mean (Erlang A), summed over
/// its birth and death chain. It has a steady state at any load.
pub fn erlang_a(rate: f64, stay: f64, patience: f64, places: u32) -> ErlangA {
    // Weights relative to the state with all places taken, so that nothing overflows.
    let load = rate * stay;
    let mut total = 1.0;
    let mut weight = 1.0;
    for present in (1..=places).rev() {
        weight *= f64::from(present) / load;
        total += weight;
        if weight < 1e-18 * total {
            break;
        }
    }
    let (mut queue, mut weight) = (0.0, 1.0);
    let mut waiting = 0.0;
    loop {
        waiting += 1.0;
        let leaving = f64::from(places) / stay + waiting / patience;
        weight *= rate / leaving;
        total += weight;
        queue += waiting * weight;
        if weight > LARGE {
            // Only ratios count.
            (weight, total, queue) = (1.0, total / weight, queue / weight);
        }
        // Past its peak the chain falls faster than any power.
        if leaving > rate && weight * waiting < 1e-15 * total {
            break;
        }
    }
    let queue = queue / total;
    ErlangA {
        gives_up: queue / (patience * rate),
        wait: queue / rate,
    }
}

/// What a service comes to in whose waiting room only so many can wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimitedRoom {
    /// Share of cases that find it full and are turned away.
    pub turned_away: f64,
    /// Share of all cases that give up.
    pub gives_up: f64,
    /// Mean time in the waiting list over those who join it, days.
    pub wait: f64,
}

/// Poisson arrivals, exponential stays, patience without end or exponential of this mean, and room for so
/// many to wait. Without room this is Erlang B, which holds for stays of any law.
pub fn limited_room(
    rate: f64,
    stay: f64,
    patience: Option<f64>,
    places: u32,
    room: u32,
) -> LimitedRoom {
    // Weights relative to the state with all places taken and nobody waiting.
    let load = rate * stay;
    let (mut total, mut weight) = (1.0, 1.0);
    for present in (1..=places).rev() {
        weight *= f64::from(present) / load;
        total += weight;
        if weight < 1e-18 * total {
            break;
        }
    }
    let (mut queue, mut weight) = (0.0, 1.0);
    for waiting in 1..=room {
        let waiting = f64::from(waiting);
        let given_up = patience.map_or(0.0, |patience| waiting / patience);
        weight *= rate / (f64::from(places) / stay + given_up);
        total += weight;
        queue += waiting * weight;
        if weight > LARGE {
            (weight, total, queue) = (1.0, total / weight, queue / weight);
        }
    }
    let (full, queue) = (weight / total, queue / total);
    LimitedRoom {
        turned_away: full,
        gives_up: patience.map_or(0.0, |patience| queue / (patience * rate)),
        wait: queue / (rate * (1.0 - full)),
    }
}

/// Days in which a queue forgets its start by a factor of e: the relaxation time of M/M/c, longer where
/// stays vary more. `None` where there is no steady state.
pub fn relaxation(rate: f64, stay: f64, squared_cv: f64, places: u32) -> Option<f64> {
    let load = rate * stay / f64::from(places);
    let spare = 1.0 - load.sqrt();
    let alone = stay / f64::from(places) / (spare * spare) * (1.0 + squared_cv) / 2.0;
    (load < 1.0).then(|| alone.max(stay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, published: f64) {
        assert!(
            (found - published).abs() < 6e-5 * published.max(1.0),
            "{found} for {published}"
        );
    }

    /// Gross and Harris, Fundamentals of Queueing Theory, and tables of Erlang's functions.
    #[test]
    fn the_formulas_give_published_figures() {
        close(erlang_b(5, 3.0), 0.110_05);
        close(erlang_c(2, 1.8).unwrap(), 0.8526);
        close(erlang_c(20, 19.0).unwrap(), 0.7554);
        close(mean_wait(0.9, 1.0, 1).unwrap(), 9.0);
        close(mean_wait(1.8, 1.0, 2).unwrap(), 4.2632);
        close(one_place(0.8, 1.0, 0.0).unwrap(), 2.0);
        close(one_place(0.8, 1.0, 2.25).unwrap(), 6.5);
        let memoryless = |rate| Class {
            rate,
            stay: 1.0,
            squared_cv: 1.0,
        };
        let two = cobham(&[memoryless(0.3), memoryless(0.5)]).unwrap();
        close(two[0], 1.142_86);
        close(two[1], 5.714_29);
        close(erlang_a(1.0, 1.0, 4.0, 1).gives_up, 0.2564);
        close(erlang_a(1.0, 1.0, 4.0, 1).wait, 1.0257);
        close(erlang_a(9.0, 1.0, 2.0, 10).gives_up, 0.0670);
    }

    #[test]
    fn at_full_load_there_is_no_steady_state_but_with_patience() {
        assert_eq!(mean_wait(2.0, 1.0, 2), None);
        assert_eq!(one_place(1.5, 1.0, 1.0), None);
        assert_eq!(ranked(&[0.5, 2.0], 1.0, 2), None);
        assert_eq!(relaxation(2.0, 1.0, 1.0, 2), None);
        assert!(erlang_a(40.0, 1.0, 3.0, 20).gives_up > 0.5);
    }

    #[test]
    fn the_formulas_agree_where_they_meet() {
        // One rank is no rank; many ranks wait as long as one on average.
        close(
            ranked(&[1.8], 1.0, 2).unwrap()[0],
            mean_wait(1.8, 1.0, 2).unwrap(),
        );
        let waits = ranked(&[0.6, 1.2], 1.0, 2).unwrap();
        let mean = (0.6 * waits[0] + 1.2 * waits[1]) / 1.8;
        close(mean, mean_wait(1.8, 1.0, 2).unwrap());
        // With all the patience in the world nobody gives up.
        close(
            erlang_a(9.0, 1.0, 1e7, 10).wait,
            mean_wait(9.0, 1.0, 10).unwrap(),
        );
        // A room without end is none, one for nobody is Erlang's loss system.
        let room = |patience, room| limited_room(9.0, 1.0, patience, 10, room);
        close(room(None, 5_000).wait, mean_wait(9.0, 1.0, 10).unwrap());
        let impatient = erlang_a(9.0, 1.0, 2.0, 10);
        close(room(Some(2.0), 5_000).gives_up, impatient.gives_up);
        close(room(None, 0).turned_away, erlang_b(10, 9.0));
        // M/M/1 with room for one more: 1, r, r^2.
        close(limited_room(0.5, 1.0, None, 1, 1).turned_away, 0.25 / 1.75);
        // With no patience at all, who would wait is turned away.
        close(erlang_a(3.0, 1.0, 1e-9, 5).gives_up, erlang_b(5, 3.0));
        // Large systems do not overflow.
        assert!(erlang_a(5_000.0, 1.0, 2.0, 5_000).wait.is_finite());
        // Overrun, half have to give up.
        close(erlang_a(200.0, 1.0, 500.0, 100).gives_up, 0.5);
    }
}
