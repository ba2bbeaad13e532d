//! Version numbers in the output of programs.

/// The leading two numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

impl Version {
    /// The first word of the form `12.34` or `v12`: the output of `--version` differs between programs.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::of_word)
    }

    fn of_word(word: &str) -> Option<Self> {
        let mut numbers = word.strip_prefix('v').unwrap_or(word).split(['.', '-', '+', ',', ')']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        Some(Self { major, minor })
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn check(text: &str, expected: Option<(u32, u32)>) {
        assert_eq!(Version::find(text).map(|version| (version.major, version.minor)), expected, "{text}");
    }

    #[test]
    fn versions_are_found_as_programs_print_them() {
        check("v20.20.2", Some((20, 20)));
        check("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)", Some((1, 96)));
        check("Chromium 156.0.8078.73 built on Debian GNU/Linux 12 (bookworm)", Some((156, 0)));
        check("ChromeDriver 156.0.8078.73 (0d1a-refs/branch-heads/8078@{#1})", Some((156, 0)));
        check("Debian LLD 22.1.8 (compatible with GNU linkers)", Some((22, 1)));
        check("1.97.0-nightly", Some((1, 97)));
        check("11", Some((11, 0)));
        check("no version here", None);
        check("", None);
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(Version::find("1.100.0") > Version::find("1.95.0"));
        assert!(Version::find("2.0") > Version::find("1.95"));
        assert!(Version::find("v9.9") < Version::find("v20"));
    }
}
