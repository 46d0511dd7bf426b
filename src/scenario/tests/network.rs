use super::*;

/// A network of two services; what stands in place of the two marks is in their tables.
fn network(desk: &str, other: &str) -> String {
    format!(
        "[study]\nname = \"Desks\"\npurpose = \"Who is turned away?\"\nbaseline = \"one\"\n\
         structures = []\nstart = \"established\"\nwarm_up = \"0 days\"\nobserve = \"1 year\"\n\
         trials = 2\nseed = 1\n[arrivals]\ncase = {{ to = \"desk\", rate = \"1 per day\" }}\n\
         [service.desk]\n{desk}\nstay = \"1 day\"\nthen = {{ closed = \"100%\" }}\n\
         [service.other]\n{other}\nstay = \"1 day\"\nthen = {{ closed = \"100%\" }}\n\
         [structure.one.organisation]\nall = {{ footprint = \"area\", runs = [\"desk\", \"other\"] }}\n"
    )
}

fn said_of(text: &str) -> Vec<String> {
    let problems = load_text("desks", text, &Request::default()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn station(text: &str, set: &[&str]) -> Station {
    let request = Request {
        set: set.iter().map(|it| (*it).to_owned()).collect(),
        ..Request::default()
    };
    let scenario = load_text("desks", text, &request).unwrap_or_else(|it| panic!("{it:#?}"));
    let World::Network(world) = scenario.structures[0].world.as_ref() else {
        panic!("a network was expected");
    };
    world.stations[0].clone()
}

const FREE: &str = "places = \"unlimited\"";

#[test]
fn a_waiting_room_is_unlimited_unless_the_file_says_so() {
    let plain = station(&network("places = 2", FREE), &[]);
    assert_eq!((plain.waiting_room, plain.turned_away), (None, None));
    let none = station(&network("places = 2\nwaiting_room = 0", FREE), &[]);
    assert_eq!((none.waiting_room, none.turned_away), (Some(0), None));
    let text = "places = 2\nwaiting_room = 3\nturned_away = \"other\"";
    let three = station(&network(text, FREE), &["service.desk.waiting_room=4"]);
    assert_eq!(three.waiting_room, Some(4));
    assert_eq!(three.turned_away, Some(Id::new("other")));
    let text = "places = 2\nwaiting_room = \"unlimited\"";
    assert_eq!(station(&network(text, FREE), &[]).waiting_room, None);
}

#[test]
fn a_waiting_room_that_nobody_needs_is_refused() {
    let said = said_of(&network("places = \"unlimited\"\nwaiting_room = 3", FREE));
    assert_eq!(said, ["nobody waits for \"desk\""]);
    let said = said_of(&network("places = 2\nturned_away = \"other\"", FREE));
    assert_eq!(said, ["nobody is turned away from \"desk\""]);
    let said = said_of(&network(
        "places = 2\nwaiting_room = 0\nturned_away = \"othr\"",
        FREE,
    ));
    assert_eq!(said, ["there is no service \"othr\""]);
    let said = said_of(&network("places = 2\nwaiting_room = \"few\"", FREE));
    assert_eq!(said, ["how many can wait was expected, found \"few\""]);
}

#[test]
fn two_full_services_cannot_send_a_case_to_and_fro() {
    let to = |service: &str| format!("places = 1\nwaiting_room = 0\nturned_away = \"{service}\"");
    let text = network(&to("other"), &to("desk"));
    let said = said_of(&text);
    assert_eq!(
        said,
        ["cases can go round from \"desk\" to itself in no time"]
    );
    // On a way that takes time they can.
    let slow = format!("{text}[handoff]\ntransit = \"1 day\"\n");
    assert_eq!(station(&slow, &[]).turned_away, Some(Id::new("other")));
    let said = said_of(&network(&to("desk"), FREE));
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn a_case_turned_away_must_be_able_to_end() {
    let away = "places = 1\nwaiting_room = 0\nturned_away = \"other\"";
    let text = network(away, FREE);
    let (before, after) = text.split_at(text.rfind("closed").unwrap());
    let stuck = format!("{before}other{}", &after["closed".len()..]);
    let said = said_of(&stuck);
    assert_eq!(
        said,
        ["no way leads from service \"other\" to the end of a case"]
    );
}

#[test]
fn numbers_of_places_are_considered_fewest_first() {
    let text = format!("{FREE}\nplaces_considered = [12, 10, 14]");
    let found = station(&network(&text, FREE), &[]);
    assert_eq!(found.places_considered, [10, 12, 14]);
    for (list, said) in [
        ("[10, 10]", "a number of places is considered twice"),
        ("[0]", "0 places cannot be considered"),
        ("[1000]", "1000 places cannot be considered"),
    ] {
        let text = format!("{FREE}\nplaces_considered = {list}");
        assert_eq!(said_of(&network(&text, FREE)), [said]);
    }
}

#[test]
fn services_can_share_the_places_that_are_considered() {
    let sharing = |own: &str| {
        format!(
            "{}[sharing.both]\nname = \"Both\"\nown = {own}\ncommon = 3\n",
            network(FREE, FREE)
        )
    };
    let scenario = load_text(
        "desks",
        &sharing("{ other = 0, desk = 2 }"),
        &Request::default(),
    );
    let scenario = scenario.unwrap_or_else(|it| panic!("{it:#?}"));
    let World::Network(world) = scenario.structures[0].world.as_ref() else {
        panic!("a network was expected");
    };
    let [both] = world.sharings.as_slice() else {
        panic!("one sharing was expected");
    };
    assert_eq!((both.name.as_str(), both.common), ("Both", 3));
    let mut own = both.own.clone();
    own.sort();
    assert_eq!(own, [(Id::new("desk"), 2), (Id::new("other"), 0)]);
    assert_eq!(
        said_of(&sharing("{ dsk = 2 }")),
        ["there is no service \"dsk\""]
    );
    assert_eq!(said_of(&sharing("{}")), ["no service shares these places"]);
}
