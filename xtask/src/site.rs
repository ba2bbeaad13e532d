//! Mapping of requests to files and content types.

use std::fs;
use std::path::{Path, PathBuf};

/// The response to a request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: text.into() }
    }

    fn not_found() -> Self {
        let body = "<!doctype html>\n<html lang=\"en\">\n<title>Not found</title>\n<h1>Not found</h1>\n\
                    <p>There is no such file here. Go to <a href=\"/\">Ringside</a>.</p>\n";
        Self { status: 404, content_type: "text/html; charset=utf-8", body: body.into() }
    }
}

/// The answer to `GET url`.
pub(crate) fn answer(folder: &Path, url: &str) -> Answer {
    let found = resolve(folder, url).and_then(|file| Some((content_type(&file), fs::read(&file).ok()?)));
    match found {
        Some((content_type, body)) => Answer { status: 200, content_type, body },
        None => Answer::not_found(),
    }
}

/// Resolves a URL to an existing file inside the folder; `..`, encoded separators and symbolic links
/// cannot leave it.
fn resolve(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut file = folder.canonicalize().ok()?;
    let inside = file.clone();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let name = percent_decoded(part)?;
        if name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        file.push(name);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(&inside) && file.is_file()).then_some(file)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digits = [*high, *low];
        let digits = std::str::from_utf8(&digits).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // Browsers compile a module while it streams only with this type.
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{content_type, percent_decoded, resolve};

    #[test]
    fn a_url_never_resolves_to_a_file_outside_the_folder() {
        let outside = std::env::temp_dir().join(format!("ringside-site-{}", std::process::id()));
        let folder = outside.join("dist");
        fs::create_dir_all(folder.join("a b")).unwrap();
        fs::write(outside.join("secret.txt"), "").unwrap();
        fs::write(folder.join(".hidden"), "").unwrap();
        fs::write(folder.join("index.html"), "").unwrap();
        fs::write(folder.join("a b/ü.js"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(outside.join("secret.txt"), folder.join("link.txt")).unwrap();

        let check = |url: &str, expected: Option<&str>| {
            let expected = expected.map(|file| folder.canonicalize().unwrap().join(file));
            assert_eq!(resolve(&folder, url), expected, "{url}");
        };
        check("/", Some("index.html"));
        check("/index.html?x=/..#y", Some("index.html"));
        check("//index.html", Some("index.html"));
        check("/a%20b/%C3%BC.js", Some("a b/ü.js"));
        check("/a%20b/", None);
        check("/../secret.txt", None);
        check("/%2e%2e/secret.txt", None);
        check("/..%2fsecret.txt", None);
        check("/..%5csecret.txt", None);
        check("/a%20b/../../secret.txt", None);
        check("/link.txt", None);
        check("/.hidden", None);
        check("/index.html%00", None);
        check("/index.html/", Some("index.html"));
        fs::remove_dir_all(outside).unwrap();
    }

    #[test]
    fn percent_signs_are_decoded_or_refused() {
        assert_eq!(percent_decoded("a%20b").as_deref(), Some("a b"));
        assert_eq!(percent_decoded("%C3%BC").as_deref(), Some("ü"));
        for wrong in ["%", "%2", "%zz", "%+1", "%ff"] {
            assert_eq!(percent_decoded(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn content_types_follow_extensions() {
        assert_eq!(content_type(Path::new("a/module.wasm")), "application/wasm");
        assert_eq!(content_type(Path::new("worker.js")), "text/javascript; charset=utf-8");
        assert_eq!(content_type(Path::new("index.html")), "text/html; charset=utf-8");
        assert_eq!(content_type(Path::new("no-extension")), "application/octet-stream");
    }
}
