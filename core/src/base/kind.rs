//! Descriptors of message kinds and counters: each layer of the stack states one row for each.

/// One kind of message, as reports, columns, the command line and the page name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// Name in reports and columns: lower case, singular, unique within its layer.
    pub name: &'static str,
    /// Name for a person, plural.
    pub plural: &'static str,
}

/// A count of one kind of fact since tick 0, for readers of the code: `observe/metrics/table` has the names
/// and sentences that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterInfo {
    /// Name in reports and columns: lower case, with underscores, unique within its layer.
    pub name: &'static str,
    /// What is counted, such as `sessions`.
    pub unit: &'static str,
    /// One sentence for a person.
    pub meaning: &'static str,
}
