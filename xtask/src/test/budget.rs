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

/// Limits of what the page loads, in compressed bytes. The Brotli limits are the goal; the gzip limits are
/// the present sizes with a margin for other compilers.
const LIMITS: [Limit; 2] = [
    Limit { method: "Brotli", module: 200_000, all: 300_000, layered: 450_000, length: |part| part.brotli },
    Limit { method: "gzip", module: 250_000, all: 348_000, layered: 560_000, length: |part| part.gzip },
];

struct Limit {
    method: &'static str,
    /// The module with which the page opens.
    module: usize,
    /// The page with it.
    all: usize,
    /// The page that a link with layers opens, with their module instead.
    layered: usize,
    length: fn(&Part) -> usize,
}

/// What the page loads besides the files that `index.html` names: its worker, and the module for browsers
/// with SIMD.
const STARTED: [&str; 2] = ["worker-", "ringside_simd"];
/// What a link with layers loads instead of the module: theirs, and its bindings.
const LAYERED: [&str; 2] = ["ringside_layers", "ringside_wasm-"];

/// A Node script that prints the Brotli size of each file. Node is a prerequisite of the page.
const BROTLI: &str = "for (const file of process.argv.slice(1)) \
    console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(file)).length)";

/// A file of the page and its sizes.
struct Part {
    name: String,
    /// Whether it is loaded on demand: claims, layers, panels that are not shown at first, and what browsers
    /// without SIMD load.
    is_deferred: bool,
    plain: usize,
    gzip: usize,
    brotli: usize,
}

impl Part {
    fn is_one_of(&self, starts: &[&str]) -> bool {
        starts.iter().any(|start| file_name(&self.name).starts_with(start))
    }

    fn is_module(&self) -> bool {
        Path::new(&self.name).extension().is_some_and(|kind| kind == "wasm")
    }
}

fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or_default()
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
    let (deferred, initial): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_deferred);
    for (parts, label) in [(initial, "initial"), (layered(&parts), "layered"), (deferred, "deferred")] {
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
        Ok(Part { name, is_deferred: true, plain: bytes.len(), gzip: compressed_length(&bytes)?, brotli })
    };
    let mut parts = files.iter().zip(lengths).map(part).collect::<Result<Vec<Part>>>()?;
    mark_initial(&mut parts, |name| {
        let path = dist.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    })?;
    Ok(parts)
}

/// Marks what the page loads at first: `index.html`, what it starts, and what these import, step by step.
fn mark_initial(parts: &mut [Part], read: impl Fn(&str) -> Result<String>) -> Result<()> {
    let mut texts: Vec<String> = Vec::new();
    loop {
        let is_loaded = |part: &Part| {
            file_name(&part.name) == "index.html"
                || part.is_one_of(&STARTED)
                || texts.iter().any(|text| loads(text, file_name(&part.name)))
        };
        let Some(part) = parts.iter().position(|part| part.is_deferred && is_loaded(part)) else {
            return Ok(());
        };
        parts[part].is_deferred = false;
        if !parts[part].is_module() {
            texts.push(read(&parts[part].name)?);
        }
    }
}

/// Whether a page or script loads a file at once: a page by an attribute, a script by a static import.
fn loads(text: &str, name: &str) -> bool {
    ["src=\"./assets/", "href=\"./assets/", "from\"./", "import\"./"]
        .iter()
        .any(|before| text.contains(&format!("{before}{name}\"")))
}

/// What a link with layers loads.
fn layered(parts: &[Part]) -> Vec<&Part> {
    let is_loaded = |part: &&Part| {
        if part.is_deferred { part.is_one_of(&LAYERED) } else { !part.is_module() }
    };
    parts.iter().filter(is_loaded).collect()
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

/// Compares what the page loads with the limits.
fn check_budget(parts: &[Part]) -> Result<(), BudgetError> {
    let initial: Vec<&Part> = parts.iter().filter(|part| !part.is_deferred).collect();
    let modules: Vec<&Part> = initial.iter().copied().filter(|part| part.is_module()).collect();
    if modules.is_empty() {
        return Err(BudgetError::NoModule);
    }
    for Limit { method, module, all, layered: layered_max, length } in LIMITS {
        let checks = [
            ("module", sum(&modules, length), module),
            ("page", sum(&initial, length), all),
            ("page with layers", sum(&layered(parts), length), layered_max),
        ];
        for (subject, size, limit) in checks {
            if size > limit {
                return Err(BudgetError::Exceeded { subject, size, limit, method });
            }
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
    use super::{LIMITS, Limit, Part, check_budget, compressed_length, mark_initial};

    /// A file with its Brotli and gzip sizes.
    fn part(name: &str, is_deferred: bool, brotli: usize, gzip: usize) -> Part {
        Part { name: name.to_owned(), is_deferred, plain: 0, gzip, brotli }
    }

    fn check(parts: &[Part], expected: Option<&str>) {
        let found = check_budget(parts).err().map(|error| error.to_string());
        assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
        assert!(found.clone().unwrap_or_default().contains(expected.unwrap_or_default()), "{found:?}");
    }

    #[test]
    fn the_budget_is_kept_to_the_byte() {
        let [
            Limit { module: b_module, all: b_all, layered: b_layered, .. },
            Limit { module: g_module, all: g_all, .. },
        ] = LIMITS;
        let module = || part("a.wasm", false, b_module, g_module);
        let (b_rest, g_rest) = (b_all - b_module, g_all - g_module);
        check(&[module(), part("b.js", false, b_rest, g_rest)], None);
        check(&[part("a.wasm", false, b_module + 1, 1)], Some("the module is 200001 bytes by Brotli"));
        check(&[part("a.wasm", false, 1, g_module + 1)], Some("the module is 250001 bytes by gzip"));
        check(&[module(), part("b.js", false, b_rest + 1, 1)], Some("the page is 300001 bytes by Brotli"));
        check(&[module(), part("b.js", false, 1, g_rest + 1)], Some("the page is 348001 bytes by gzip"));
        check(&[part("index.html", false, 1, 1)], Some("no module"));
        check(
            &[module(), part("claims.wasm", true, b_module, g_module), part("c.js", true, b_all, g_all)],
            None,
        );
        let layers = |size| part("assets/ringside_layers_bg-X.wasm", true, size, 1);
        let page = || part("b.js", false, 50_000, 1);
        check(&[module(), page(), layers(b_layered - 50_000)], None);
        check(&[module(), page(), layers(b_layered - 49_999)], Some("the page with layers is 450001 bytes"));
    }

    #[test]
    fn what_is_loaded_at_first_is_what_the_page_names_and_imports() {
        let names = [
            "index.html",
            "assets/index-1.js",
            "assets/shared-2.js",
            "assets/Panel-3.js",
            "assets/worker-4.js",
            "assets/ringside_simd_bg-5.wasm",
            "assets/ringside_wasm_bg-6.wasm",
        ];
        let text = |name: &str| {
            Ok(match name {
                "index.html" => r#"<script src="./assets/index-1.js">"#,
                "assets/index-1.js" => r#"import{a}from"./shared-2.js";import("./Panel-3.js")"#,
                _ => "",
            }
            .to_owned())
        };
        let mut parts: Vec<Part> = names.iter().map(|name| part(name, true, 1, 1)).collect();
        mark_initial(&mut parts, text).unwrap();
        let deferred: Vec<&str> =
            parts.iter().filter(|part| part.is_deferred).map(|part| part.name.as_str()).collect();
        assert_eq!(deferred, ["assets/Panel-3.js", "assets/ringside_wasm_bg-6.wasm"]);
    }

    #[test]
    fn sizes_are_those_of_the_compressed_file() {
        let length = compressed_length(&vec![b'x'; 100_000]).unwrap();
        assert!((20..500).contains(&length), "{length}");
    }
}
