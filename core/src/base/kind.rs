//! Descriptors of message kinds: each layer of the stack states one row a kind.

/// One kind of message, as reports, columns, the command line and the page name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// Name in reports and columns: lower case, singular, unique within its layer.
    pub name: &'static str,
    /// Name for a person, plural.
    pub plural: &'static str,
    /// One sentence for a person.
    pub meaning: &'static str,
}
