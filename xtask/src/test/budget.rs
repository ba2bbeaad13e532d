//! Size budget of the initial download of the page.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{output, program};

/// Limits of the initial download in compressed bytes. The Brotli limits are the goal; the gzip limits
/// are the present sizes with a margin for other compilers.
const LIMITS: [Limit; 2] = [
    Limit { method: "Brotli", module: 200_000, all: 300_000, length: |part| part.brotli },
    Limit { method: "gzip", module: 250_000, all: 348_000, length: |part| part.gzip },
];

struct Limit {
    method: &'static str,
    module: usize,
    all: usize,
    length: fn(&Part) -> usize,
}

/// A Node script that prints the Brotli size of each file. Node is a prerequisite of the page.
const BROTLI: &str = "for (const file of process.argv.slice(1)) \
    console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";

/// A file of the page and its sizes.
struct Part {
    name: String,
    plain: usize,
    gzip: usize,
    brotli: usize,
}

impl Part {
    /// Whether the file is loaded on demand (claims, layers, panels that are not shown at first), or only by
    /// browsers without SIMD.
    fn is_deferred(&self) -> bool {
        let later = [
            "claims-",
            "Chords-",
            "Claims-",
            "Commands-",
            "Contacts-",
            "KnobRow-",
            "Knobs-",
            "PeerSessions-",
            "Sessions-",
            "ringside_claims",
            "ringside_layers",
            "ringside_wasm",
        ];
        let name = Path::new(&self.name).file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| later.iter().any(|start| name.starts_with(start)))
    }
}

/// Prints the sizes of the built page; fails if they exceed the budget.
pub(super) fn check(dist: &Path) -> Result<()> {
    let mut parts = parts(dist)?;
    parts.sort_by(|a, b| b.gzip.cmp(&a.gzip).then_with(|| a.name.cmp(&b.name)));
    println!("{:>9} {:>9} {:>9}  file", "bytes", "gzip", "Brotli");
    for part in &parts {
        println!("{:>9} {:>9} {:>9}  {}", part.plain, part.gzip, part.brotli, part.name);
    }
    let exceeded = check_budget(&parts);
    let (deferred, initial): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_deferred());
    for (parts, label) in [(initial, "initial"), (deferred, "deferred")] {
        let [plain, gzip, brotli] =
            [|part: &Part| part.plain, |part: &Part| part.gzip, |part: &Part| part.brotli]
                .map(|size| sum(&parts, size));
        println!("{plain:>9} {gzip:>9} {brotli:>9}  {label}");
    }
    Ok(exceeded?)
}

/// Every file that the page can load.
fn parts(dist: &Path) -> Result<Vec<Part>> {
    let mut files = files(dist)?;
    files.retain(|file| {
        file.extension().is_some_and(|kind| ["html", "css", "js", "wasm"].iter().any(|code| kind == *code))
    });
    let lengths = output(program("node").args(["-e", BROTLI]).args(&files))?;
    let lengths: Vec<usize> = lengths.lines().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(lengths.len() == files.len(), "node printed a size for other files");
    let part = |(file, brotli): (&PathBuf, usize)| {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(dist).unwrap_or(file).display().to_string();
        Ok(Part { name, plain: bytes.len(), gzip: compressed_length(&bytes)?, brotli })
    };
    files.iter().zip(lengths).map(part).collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn compressed_length(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Compares the initial download with the limits.
fn check_budget(parts: &[Part]) -> Result<(), BudgetError> {
    let initial: Vec<&Part> = parts.iter().filter(|part| !part.is_deferred()).collect();
    let is_module = |part: &&&Part| Path::new(&part.name).extension().is_some_and(|kind| kind == "wasm");
    if !initial.iter().any(|part| is_module(&part)) {
        return Err(BudgetError::NoModule);
    }
    for Limit { method, module: module_max, all: all_max, length } in LIMITS {
        let module: usize = initial.iter().filter(is_module).map(|part| length(part)).sum();
        let all = sum(&initial, length);
        if module > module_max {
            return Err(BudgetError::Exceeded { subject: "module", size: module, limit: module_max, method });
        }
        if all > all_max {
            return Err(BudgetError::Exceeded { subject: "page", size: all, limit: all_max, method });
        }
    }
    Ok(())
}

/// A page without a module, or one over the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BudgetError {
    NoModule,
    Exceeded { subject: &'static str, size: usize, limit: usize, method: &'static str },
}

impl fmt::Display for BudgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoModule => write!(f, "the built page has no module"),
            Self::Exceeded { subject, size, limit, method } => {
                write!(f, "the {subject} is {size} bytes by {method}, over the limit of {limit}")
            }
        }
    }
}

impl Error for BudgetError {}

fn sum(parts: &[&Part], size: impl Fn(&Part) -> usize) -> usize {
    parts.iter().map(|part| size(part)).sum()
}

#[cfg(test)]
mod tests {
    use super::{LIMITS, Limit, Part, check_budget, compressed_length};

    /// Checks the error for files of the given Brotli and gzip sizes.
    fn check(parts: &[(&str, usize, usize)], expected: Option<&str>) {
        let parts: Vec<Part> = parts
            .iter()
            .map(|&(name, brotli, gzip)| Part { name: name.to_owned(), plain: 0, gzip, brotli })
            .collect();
        let found = check_budget(&parts).err().map(|error| error.to_string());
        assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()));
    }

    #[test]
    fn the_budget_is_kept_to_the_byte() {
        let [Limit { module: b_module, all: b_all, .. }, Limit { module: g_module, all: g_all, .. }] = LIMITS;
        let module = ("a.wasm", b_module, g_module);
        check(&[module, ("b.js", b_all - b_module, g_all - g_module)], None);
        check(&[("a.wasm", b_module + 1, 1)], Some("the module is 200001 bytes by Brotli"));
        check(&[("a.wasm", 1, g_module + 1)], Some("the module is 250001 bytes by gzip"));
        check(&[module, ("b.js", b_all - b_module + 1, 1)], Some("the page is 300001 bytes by Brotli"));
        check(&[module, ("b.js", 1, g_all - g_module + 1)], Some("the page is 348001 bytes by gzip"));
        check(&[("index.html", 1, 1)], Some("no module"));
        let deferred =
            [("assets/ringside_claims_bg-X.wasm", b_module, g_module), ("assets/claims-X.js", b_all, g_all)];
        check(&[&[module][..], &deferred].concat(), None);
    }

    #[test]
    fn sizes_are_those_of_the_compressed_file() {
        let length = compressed_length(&vec![b'x'; 100_000]).unwrap();
        assert!((20..500).contains(&length), "{length}");
    }
}
