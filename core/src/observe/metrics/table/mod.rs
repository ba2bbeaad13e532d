//! Descriptor tables of metrics: one table a layer, from which columns, measures, documents and charts are
//! generated.
//!
//! A row states the published name of a metric, its unit, its meaning, how it is read from a [`Sample`], and
//! where the page draws it. Generated from the rows are:
//!
//! | generated | where |
//! |---|---|
//! | columns of the history and of CSV files | [`COLUMNS`] |
//! | measures of an ensemble, for rows that name one | `study::ensemble::MEASURES` |
//! | the list of columns in `docs/metrics.md`, which a test compares | [`markdown`] |
//! | `ringside metrics` | the command line |
//! | `columns()` of the bindings, and with it the charts of the page | [`Column`], serialized |
//!
//! A new metric is counted in one file and described by one row. Columns are appended and never renamed:
//! files and pages that read them by name or position keep working.

#[cfg(feature = "layers")]
mod cache;
#[cfg(feature = "layers")]
mod blocks;
mod host;
mod lifecycle;
#[cfg(feature = "layers")]
mod manager;
#[cfg(feature = "layers")]
mod radio;
#[cfg(feature = "layers")]
mod sessions;
mod time;

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Serialize;

use super::exact;
use super::history::Sample;
use crate::protocol::message::MessageKind;
use crate::stack::layers::LayerId;

/// One row: a metric that every sample of a history has.
#[derive(Debug)]
struct Metric {
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    is_cumulative: bool,
    chart: Option<Chart>,
    measure: Option<&'static str>,
    read: fn(&Sample) -> f64,
}

/// Position of a column among the charts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Columns of one group share a chart.
    pub group: &'static str,
    /// Label of the line.
    pub title: &'static str,
}

/// Number of message kinds whose columns stand where the first release had them; later ones come last.
const FIRST_KINDS: usize = 5;

/// Consecutive columns.
enum Columns {
    /// Messages sent: one column for each kind of the lifecycle among these.
    Kinds(Range<usize>),
    /// Metrics of one subject.
    Metrics(&'static [Metric]),
}

/// All columns in their order: new ones are appended.
static TABLE: &[Columns] = &[
    Columns::Metrics(time::ROWS),
    Columns::Kinds(0..FIRST_KINDS),
    Columns::Metrics(lifecycle::ROWS),
    Columns::Metrics(host::ROWS),
    #[cfg(feature = "layers")]
    Columns::Metrics(sessions::ROWS),
    #[cfg(feature = "layers")]
    Columns::Metrics(radio::ROWS),
    #[cfg(feature = "layers")]
    Columns::Metrics(manager::ROWS),
    Columns::Kinds(FIRST_KINDS..usize::MAX),
    #[cfg(feature = "layers")]
    Columns::Metrics(cache::ROWS),
    #[cfg(feature = "layers")]
    Columns::Metrics(blocks::ROWS),
];

/// A column of the history: one number a sample.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Published name in CSV files and for programs; lower case, unique.
    pub name: String,
    /// Unit, in the plural.
    pub unit: &'static str,
    /// One sentence for a person.
    pub meaning: String,
    /// Whether this is a count since tick 0, so that differences of samples are rates.
    pub cumulative: bool,
    /// Chart of the page; `None` if it is not drawn.
    pub chart: Option<Chart>,
    /// Title of the measure of an ensemble with the same name; `None` if there is none.
    #[serde(skip)]
    #[cfg_attr(not(feature = "layers"), allow(dead_code))]
    pub(crate) measure: Option<&'static str>,
    #[serde(skip)]
    source: ColumnSource,
}

/// Source of a column's numbers.
#[derive(Clone, Copy, Debug)]
enum ColumnSource {
    /// A row of a table.
    Row(fn(&Sample) -> f64),
    /// Packets of a kind sent since tick 0.
    Sent(MessageKind),
}

/// Columns of a history, as the page draws them and as files hold them.
pub static COLUMNS: LazyLock<Vec<Column>> =
    LazyLock::new(|| TABLE.iter().flat_map(Columns::columns).collect());

impl Metric {
    /// A count since tick 0.
    const fn count(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        read: fn(&Sample) -> f64,
    ) -> Self {
        Self { name, unit, meaning, is_cumulative: true, chart: None, measure: None, read }
    }

    /// A level at the time of the sample.
    const fn level(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        read: fn(&Sample) -> f64,
    ) -> Self {
        Self { is_cumulative: false, ..Self::count(name, unit, meaning, read) }
    }

    /// Drawn by the page: a line of the chart `group` with this label.
    const fn chart(self, group: &'static str, title: &'static str) -> Self {
        Self { chart: Some(Chart { group, title }), ..self }
    }

    /// A measure of ensembles too, by the same name: its value at the end of a run.
    const fn measure(self, title: &'static str) -> Self {
        Self { measure: Some(title), ..self }
    }

    fn column(&self) -> Column {
        Column {
            name: self.name.to_owned(),
            unit: self.unit,
            meaning: self.meaning.to_owned(),
            cumulative: self.is_cumulative,
            chart: self.chart,
            measure: self.measure,
            source: ColumnSource::Row(self.read),
        }
    }
}

impl Columns {
    fn columns(&self) -> Vec<Column> {
        match self {
            Self::Kinds(range) => kinds(range).map(sent).collect(),
            Self::Metrics(rows) => rows.iter().map(Metric::column).collect(),
        }
    }
}

fn kinds(range: &Range<usize>) -> impl Iterator<Item = MessageKind> {
    MessageKind::ALL.iter().copied().skip(range.start).take(range.len())
}

/// Column of a message kind.
fn sent(kind: MessageKind) -> Column {
    let info = kind.info();
    Column {
        name: info.name.to_owned(),
        unit: "messages",
        meaning: format!("{} sent since tick 0.", info.plural),
        cumulative: true,
        chart: Some(Chart { group: LayerId::Lifecycle.info().title, title: info.plural }),
        measure: None,
        source: ColumnSource::Sent(kind),
    }
}

impl Column {
    /// Number of this column in a sample.
    #[must_use]
    pub fn read(&self, sample: &Sample) -> f64 {
        match self.source {
            ColumnSource::Row(read) => read(sample),
            ColumnSource::Sent(kind) => exact(sample.tally.messages(0).sent(kind)),
        }
    }
}

/// The list of columns in Markdown, as `docs/metrics.md` has it.
#[must_use]
pub fn markdown() -> String {
    let mut text = "| Column | What it is | Unit | Counted |\n|---|---|---|---|\n".to_owned();
    for Column { name, meaning, unit, cumulative, .. } in COLUMNS.iter() {
        let counted = if *cumulative { "since tick 0" } else { "at the sample" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{name}` | {meaning} | {unit} | {counted} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of the first release, which files and pages read by position.
    const PUBLISHED: &str = "round,query,answer,invitation,referral,goodbye,started,completed,timed_out,\
                             connected_min,connected_avg,connected_max,identified,pending,loss,no_answer,\
                             too_few_answers,disagreement,split_brain,gained,lost,symmetric_share,\
                             mutual_islands,closed_share";

    #[test]
    fn published_columns_keep_their_names_and_positions() {
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name.as_str()).collect();
        assert!(names.join(",").starts_with(PUBLISHED), "{names:?}");
    }

    #[test]
    fn every_column_is_described_once() {
        let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        for Column { name, unit, meaning, .. } in COLUMNS.iter() {
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
            assert!(!unit.is_empty(), "{name}");
            assert!(meaning.starts_with(|first: char| first.is_ascii_uppercase()), "{name}: {meaning}");
            assert!(meaning.ends_with('.') && !meaning.contains(['|', '\n']), "{name}: {meaning}");
        }
    }

    #[test]
    fn the_document_lists_the_columns_of_the_table() {
        let document = include_str!("../../../../../docs/metrics.md");
        assert!(
            document.contains(&markdown()),
            "docs/metrics.md differs from `ringside metrics --markdown`:\n{}",
            markdown()
        );
    }
}
