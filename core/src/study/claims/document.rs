//! The five documents, and the claims that tell the most about each.

use super::Claim;
use crate::base::problem::Problem;

/// A document whose claims are checked.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// Its number: `000` to `004`.
    pub number: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The claims to read first, by id: what it is about, what of it holds, and what does not.
    pub headlines: &'static [&'static str],
}

/// All documents, in ascending order of number.
pub const DOCUMENTS: &[Document] = &[
    Document {
        number: "000",
        title: "Peer Lifecycle",
        headlines: &[
            "answer-share",
            "answer-rate-is-success",
            "lasting",
            "self-organising",
            "proofs-prevent-sybils",
            "blocks-latency",
        ],
    },
    Document {
        number: "001",
        title: "Election Integration",
        headlines: &["success-rate", "median-latency", "channels-resolve-splits", "greedy-suffices"],
    },
    Document {
        number: "002",
        title: "P2P Architecture Refactor",
        headlines: &["sessions-cycle", "sessions-last", "firewall-no-fallback", "genesis-strict"],
    },
    Document {
        number: "003",
        title: "Peer List Persistence",
        headlines: &["hits-as-shipped", "warm-start-limited", "saves-survive-crashes", "scores-lost"],
    },
    Document {
        number: "004",
        title: "Peer Management",
        headlines: &["connections-never-redialled", "pool-by-quality", "law-broken-by-a-unit", "law-kept"],
    },
];

impl Document {
    /// The document with a number.
    ///
    /// # Errors
    ///
    /// A problem that names the documents, if there is none with this number.
    pub fn by_number(number: &str) -> Result<&'static Self, Problem> {
        let found = DOCUMENTS.iter().find(|document| document.number == number);
        found.ok_or_else(|| {
            let numbers: Vec<_> = DOCUMENTS.iter().map(|document| document.number).collect();
            let remedy = format!("the documents with claims are {}", numbers.join(", "));
            Problem::new("--document", format!("no claim is of document {number:?}"), remedy)
        })
    }

    /// Its claims, in the order in which they are told.
    pub fn claims(&self) -> impl Iterator<Item = &'static Claim> + use<> {
        let number = self.number;
        Claim::all().filter(move |claim| claim.source.seed == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_is_of_one_document_and_every_headline_of_its_own() {
        let told: usize = DOCUMENTS.iter().map(|document| document.claims().count()).sum();
        assert_eq!(told, Claim::all().count());
        for document in DOCUMENTS {
            for id in document.headlines {
                assert_eq!(Claim::by_id(id).unwrap().source.seed, document.number, "{id}");
            }
        }
        assert!(Document::by_number("005").unwrap_err().remedy.contains("000, 001"));
    }
}
