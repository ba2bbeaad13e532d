//! How much a browser downloads before the page works, and how much it may be.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{output, program};

/// Bytes of what is loaded at first, compressed. By Brotli these are the limits that were meant; by gzip they hold what
/// there is, with room for what another compiler makes of it.
const LIMITS: [Limit; 2] = [
    Limit { how: "Brotli", module: 200_000, all: 300_000, length: |part| part.brotli },
    Limit { how: "gzip", module: 250_000, all: 342_000, length: |part| part.gzip },
];

struct Limit {
    how: &'static str,
    module: usize,
    all: usize,
    length: fn(&Part) -> usize,
}

/// Prints the length of each file as Brotli makes it. Node can do that, and a page cannot be built without Node.
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
    /// Whether it is loaded only when somebody wants claims checked, or in a browser that cannot run the usual module.
    fn is_loaded_later(&self) -> bool {
        let later = ["claims-", "ringside_claims", "ringside_wasm"];
        let name = Path::new(&self.name).file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| later.iter().any(|start| name.starts_with(start)))
    }
}

/// Prints the sizes of the built page and fails when they are over the budget.
pub(super) fn check(dist: &Path) -> Result<()> {
    let mut parts = parts(dist)?;
    parts.sort_by(|a, b| b.gzip.cmp(&a.gzip).then_with(|| a.name.cmp(&b.name)));
    println!("{:>9} {:>9} {:>9}  file", "bytes", "gzip", "Brotli");
    for part in &parts {
        println!("{:>9} {:>9} {:>9}  {}", part.plain, part.gzip, part.brotli, part.name);
    }
    let over = over_budget(&parts);
    let (later, first): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_loaded_later());
    for (parts, what) in [(first, "loaded at first"), (later, "when wanted, or instead")] {
        let [plain, gzip, brotli] =
            [|part: &Part| part.plain, |part: &Part| part.gzip, |part: &Part| part.brotli]
                .map(|size| sum(&parts, size));
        println!("{plain:>9} {gzip:>9} {brotli:>9}  {what}");
    }
    match over {
        None => Ok(()),
        Some(what) => bail!("{what}"),
    }
}

/// Every file of the kinds that the page may load.
fn parts(dist: &Path) -> Result<Vec<Part>> {
    let mut files = files(dist)?;
    files.retain(|file| {
        file.extension().is_some_and(|kind| ["html", "css", "js", "wasm"].iter().any(|code| kind == *code))
    });
    let lengths = output(program("node").args(["-e", BROTLI]).args(&files))?;
    let lengths: Vec<usize> = lengths.lines().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(lengths.len() == files.len(), "node has told the lengths of other files");
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

/// What is wrong with the sizes, in a sentence.
fn over_budget(parts: &[Part]) -> Option<String> {
    let first: Vec<&Part> = parts.iter().filter(|part| !part.is_loaded_later()).collect();
    let is_module = |part: &&&Part| Path::new(&part.name).extension().is_some_and(|kind| kind == "wasm");
    if !first.iter().any(|part| is_module(&part)) {
        return Some("the built page has no module in it".to_owned());
    }
    LIMITS.iter().find_map(|Limit { how, module: module_max, all: all_max, length }| {
        let module: usize = first.iter().filter(is_module).map(|part| length(part)).sum();
        let all = sum(&first, length);
        if module > *module_max {
            Some(format!("the module is {module} bytes by {how}, more than the {module_max} it may be"))
        } else if all > *all_max {
            Some(format!("the page is {all} bytes by {how}, more than the {all_max} it may be"))
        } else {
            None
        }
    })
}

fn sum(parts: &[&Part], size: impl Fn(&Part) -> usize) -> usize {
    parts.iter().map(|part| size(part)).sum()
}

#[cfg(test)]
mod tests {
    use super::{LIMITS, Limit, Part, compressed_length, over_budget};

    /// What is said about files of so many bytes by Brotli and by gzip.
    fn check(parts: &[(&str, usize, usize)], expected: Option<&str>) {
        let parts: Vec<Part> = parts
            .iter()
            .map(|&(name, brotli, gzip)| Part { name: name.to_owned(), plain: 0, gzip, brotli })
            .collect();
        let found = over_budget(&parts);
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
        check(&[module, ("b.js", 1, g_all - g_module + 1)], Some("the page is 342001 bytes by gzip"));
        check(&[("index.html", 1, 1)], Some("no module"));
        let later =
            [("assets/ringside_claims_bg-X.wasm", b_module, g_module), ("assets/claims-X.js", b_all, g_all)];
        check(&[&[module][..], &later].concat(), None);
    }

    #[test]
    fn sizes_are_those_of_the_compressed_file() {
        let length = compressed_length(&vec![b'x'; 100_000]).unwrap();
        assert!((20..500).contains(&length), "{length}");
    }
}
