//! Blocks of document 000, phase 4, pure: content and validity, roles and ranges, votes, commit chains.
//!
//! | module | content |
//! |---|---|
//! | [`content`] | [`Block`]: up to six tokens with their parents and keys; validity |
//! | [`range`] | the peers that matter for a token: [`range::Ranges`] over the Connected peers |
//! | [`ballot`] | votes, their weight and their count |
//! | [`chain`] | chain of commits of one peer, and contradictions of its heads |
//! | [`evidence`] | an Answer that its own head has overtaken, as a proof for third parties |
//!
//! A block has a role for each of its tokens and one for its witnesses, the peers in the range of its own id.

pub mod ballot;
pub mod chain;
pub mod content;
pub mod evidence;
pub mod range;

pub use self::ballot::{Ballot, Role};
pub use self::content::{Block, Part};
