//! A browser and its driver of the same version, for tests only.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::process::{is_program, on_path, version_of};
use crate::version::Version;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Flags for Chromium as root without display, graphics card or network, with WebGL in software.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
];

/// A browser and a matching driver.
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
    versions: [String; 2],
}

impl Browser {
    /// Finds the browser that `CHROME` and `CHROMEDRIVER` name, or the one on PATH, else installs it.
    pub(crate) fn ensure() -> Result<Self> {
        match Self::find() {
            Ok(found) => Ok(found),
            Err(_) if apt::is_usable() => {
                apt::install(&["chromium", "chromium-driver"])?;
                Self::find()
            }
            Err(error) => Err(error),
        }
    }

    /// Both versions for display.
    pub(crate) fn describe(&self) -> String {
        self.versions.join(", ")
    }

    fn find() -> Result<Self> {
        let remedy = "install Chromium and ChromeDriver, or set CHROME and CHROMEDRIVER to them";
        let browser =
            named_by("CHROME", &BROWSERS)?.with_context(|| format!("no browser was found: {remedy}"))?;
        let driver = named_by("CHROMEDRIVER", &["chromedriver"])?
            .with_context(|| format!("no driver was found: {remedy}"))?;
        let versions = [version(&browser)?, version(&driver)?];
        let [of_browser, of_driver] =
            versions.each_ref().map(|text| Version::find(text).map(|found| found.major));
        if of_browser.is_none() || of_browser != of_driver {
            bail!("the browser and its driver are of different versions ({}): {remedy}", versions.join(", "));
        }
        Ok(Self { program: browser, driver, versions })
    }

    /// Writes the capabilities that the wasm test runner requests from the driver, which creates a
    /// profile per session.
    pub(crate) fn write_capabilities(&self, file: &Path) -> Result<()> {
        fs::write(file, capabilities(&self.program.to_string_lossy()))
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

/// The program that the variable names, else the first of `programs` on PATH.
fn named_by(variable: &str, programs: &[&str]) -> Result<Option<PathBuf>> {
    let Some(named) = env::var_os(variable).filter(|named| !named.is_empty()).map(PathBuf::from) else {
        return Ok(programs.iter().find_map(|program| on_path(program)));
    };
    if !is_program(&named) {
        bail!("{variable} is set to {}, which is not a program", named.display());
    }
    Ok(Some(named))
}

fn version(program: &Path) -> Result<String> {
    let text = version_of(program).with_context(|| format!("{} does not run", program.display()))?;
    // The rest names the distribution or a commit.
    Ok(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn capabilities(browser: &str) -> String {
    let arguments: Vec<String> = FLAGS.iter().map(|flag| quoted(flag)).collect();
    format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {}, \"args\": [{}]}}}}\n",
        quoted(browser),
        arguments.join(", ")
    )
}

/// A JSON string literal, which is also valid TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{capabilities, quoted};

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("plain"), "\"plain\"");
        assert_eq!(quoted("a \"b\" \\ c\n"), "\"a \\\"b\\\" \\\\ c\\u000a\"");
    }

    #[test]
    fn capabilities_name_the_browser_and_its_flags() {
        let text = capabilities("/usr/bin/chromium");
        assert!(
            text.starts_with("{\"goog:chromeOptions\": {\"binary\": \"/usr/bin/chromium\", \"args\": [\"--")
        );
        assert!(text.contains("\"--no-sandbox\", "));
        assert!(text.ends_with("\"]}}\n"));
    }
}
