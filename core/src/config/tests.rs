use std::collections::BTreeSet;

use super::KNOBS;

/// Numbers as the table writes them: `1 to 3, 7, 8 and 9`, or `none`.
fn numbers(text: &str) -> BTreeSet<u16> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is a code"));
    let part = |part: &str| match (part.split_once(" to "), part.split_once(" and ")) {
        (Some((first, last)), _) => (number(first)..=number(last)).collect(),
        (_, Some((one, other))) => vec![number(one), number(other)],
        _ => vec![number(part)],
    };
    text.split(", ").filter(|part| *part != "none").flat_map(part).collect()
}

#[test]
fn the_table_of_codes_states_what_is_free() {
    let table = include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
    let rows = table.map(|row| row.split(" | ").collect::<Vec<_>>()).filter(|row| row.len() == 3);
    let mut listed = 0;
    for row in rows {
        let section = row[0].trim_end_matches('`');
        let (codes, free) = (numbers(row[1]), numbers(row[2].trim_end_matches(" |")));
        let knobs = KNOBS.iter().filter(|knob| knob.section() == section);
        let used: BTreeSet<u16> = knobs.map(|knob| knob.code).collect();
        listed += used.len();
        assert_eq!(used.difference(&codes).collect::<Vec<_>>(), Vec::<&u16>::new(), "{section}: unlisted");
        assert_eq!(codes.difference(&used).copied().collect::<BTreeSet<_>>(), free, "{section}: free");
    }
    assert_eq!(listed, KNOBS.len(), "each section has a row");
}
