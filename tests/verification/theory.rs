//! What theory says. Times are in units of the mean stay, rates per such unit.

/// Chance that a case finds all places taken and waits (Erlang C), at this offered load.
pub(crate) fn erlang_c(places: u32, load: f64) -> f64 {
    // Erlang B by its recursion, then C from B: no factorials, so no overflow.
    let blocked = (1..=places).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
    let spare = 1.0 - load / f64::from(places);
    blocked / (spare + (1.0 - spare) * blocked)
}

/// Mean wait of all cases in M/M/c with a mean stay of 1.
pub(crate) fn mean_wait(places: u32, rate: f64) -> f64 {
    erlang_c(places, rate) / (f64::from(places) - rate)
}

/// Mean wait in M/G/1 with a mean stay of 1 (Pollaczek and Khinchine).
pub(crate) fn pollaczek_khinchine(rate: f64, squared_cv: f64) -> f64 {
    rate * (1.0 + squared_cv) / (2.0 * (1.0 - rate))
}

/// Share of cases that wait longer than `time` in M/M/c with a mean stay of 1.
pub(crate) fn waits_longer(places: u32, rate: f64, time: f64) -> f64 {
    erlang_c(places, rate) * (-(f64::from(places) - rate) * time).exp()
}

/// Share of cases that wait in D/M/1 with a mean stay of 1: sigma, which solves
/// `sigma = exp(-(1 - sigma) / rate)`.
pub(crate) fn regular_arrivals_that_wait(rate: f64) -> f64 {
    (0..10_000).fold(0.5, |sigma: f64, _| (-(1.0 - sigma) / rate).exp())
}

/// Mean wait in D/M/1 with a mean stay of 1.
pub(crate) fn regular_arrivals(rate: f64) -> f64 {
    let sigma = regular_arrivals_that_wait(rate);
    sigma / (1.0 - sigma)
}

/// Chances of each number present in M/M/c/K with a mean stay of 1, from its birth-death chain;
/// with no room beyond the places the last one is Erlang B.
pub(crate) fn numbers_present(places: u32, most: u32, rate: f64) -> Vec<f64> {
    let weights = (1..=most).scan(1.0, |weight, present| {
        *weight *= rate / f64::from(present.min(places));
        Some(*weight)
    });
    let weights: Vec<f64> = std::iter::once(1.0).chain(weights).collect();
    let all: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / all).collect()
}

/// Mean waits by class, the most urgent first, in an M/M/1 with a mean stay of 1 whose place is
/// never taken from a case that has it (Cobham).
pub(crate) fn cobham(rates: &[f64]) -> Vec<f64> {
    // Mean remaining stay of the case in the place: rate x E[S^2] / 2, and E[S^2] = 2.
    let residual: f64 = rates.iter().sum();
    let mut before = 0.0;
    rates
        .iter()
        .map(|rate| {
            let with = before + rate;
            let wait = residual / ((1.0 - before) * (1.0 - with));
            before = with;
            wait
        })
        .collect()
}

/// What a service with impatient cases comes to (Erlang A).
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErlangA {
    /// Share of cases that give up.
    pub(crate) give_up: f64,
    /// Mean time in the waiting list, over all cases.
    pub(crate) wait: f64,
    /// Share of cases that find all places taken.
    pub(crate) waits: f64,
}

/// M/M/c with a mean stay of 1 and exponential patience of this rate, from its birth-death chain.
pub(crate) fn erlang_a(places: u32, rate: f64, patience_rate: f64) -> ErlangA {
    let mut weight = 1.0;
    let (mut total, mut queue, mut full) = (0.0, 0.0, 0.0);
    for present in 0..2_000 {
        let waiting = f64::from(present) - f64::from(places);
        total += weight;
        if waiting >= 0.0 {
            full += weight;
            queue += waiting * weight;
        }
        let leaving_next = if waiting >= 0.0 {
            f64::from(places) + (waiting + 1.0) * patience_rate
        } else {
            f64::from(present) + 1.0
        };
        weight *= rate / leaving_next;
    }
    let queue = queue / total;
    ErlangA {
        give_up: patience_rate * queue / rate,
        wait: queue / rate,
        waits: full / total,
    }
}

/// Cases a unit of time at each service of an open network: `outside + those handed on`, solved by
/// going round until nothing changes. `share[from][to]` is the share handed on.
pub(crate) fn traffic<const N: usize>(outside: [f64; N], share: [[f64; N]; N]) -> [f64; N] {
    (0..10_000).fold(outside, |rates, _| {
        std::array::from_fn(|to| {
            let handed_on: f64 = (0..N).map(|from| rates[from] * share[from][to]).sum();
            outside[to] + handed_on
        })
    })
}

#[track_caller]
fn close(found: f64, published: f64) {
    // Published figures carry four or five places.
    assert!(
        (found - published).abs() < 6e-5 * published.max(1.0),
        "{found} for {published}"
    );
}

#[test]
fn the_formulas_give_the_figures_of_textbooks() {
    for (rate, wait) in [(0.5, 1.0), (0.8, 4.0), (0.9, 9.0), (0.95, 19.0)] {
        close(mean_wait(1, rate), wait);
    }
    for (places, rate, waits, wait) in [
        (2, 1.6, 0.7111, 1.7778),
        (2, 1.8, 0.8526, 4.2632),
        (5, 4.0, 0.5541, 0.5541),
        (5, 4.5, 0.7625, 1.5250),
        (10, 9.0, 0.6687, 0.6687),
        (20, 19.0, 0.7554, 0.7554),
    ] {
        close(erlang_c(places, rate), waits);
        close(mean_wait(places, rate), wait);
    }
    close(9.0 * mean_wait(10, 9.0), 6.0186);
    close(19.0 * mean_wait(20, 19.0), 14.353);
    close(waits_longer(5, 4.5, 2.0), 0.2805);
    for (squared_cv, wait) in [(0.0, 2.0), (0.25, 2.5), (1.0, 4.0), (2.25, 6.5)] {
        close(pollaczek_khinchine(0.8, squared_cv), wait);
    }
    close(regular_arrivals_that_wait(0.8), 0.628_63);
    close(regular_arrivals(0.8), 1.692_73);
    let two = cobham(&[0.3, 0.5]);
    close(two[0], 1.142_86);
    close(two[1], 5.714_29);
    for (found, wait) in cobham(&[0.2, 0.3, 0.3]).into_iter().zip([1.0, 2.0, 8.0]) {
        close(found, wait);
    }
    for (rate, give_up, wait) in [
        (9.0, 0.0670, 0.134),
        (10.0, 0.1039, 0.208),
        (11.0, 0.1477, 0.296),
    ] {
        let found = erlang_a(10, rate, 0.5);
        close(found.give_up, give_up);
        // Published to three places.
        assert!((found.wait - wait).abs() < 6e-4, "{}", found.wait);
    }
    let impatient = erlang_a(1, 1.0, 0.25);
    close(impatient.give_up, 0.2564);
    close(impatient.wait, 1.0257);
    close(impatient.waits, 0.7436);
    // Arrivals at a rate of 3 and stays at a rate of 4: times in stays of 1/4.
    let present = numbers_present(2, 3, 0.75);
    close(present[3], 0.049_36);
    let mean: f64 = present.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
    close(mean, 0.762_34);
    let blocked = |beds: u32, rate: f64| numbers_present(beds, beds, rate)[beds as usize];
    // Erlang's own table, 1917: a load of 10 on 10 and on 20 lines.
    close(blocked(10, 10.0), 0.2146);
    close(blocked(20, 10.0), 0.0019);
}
