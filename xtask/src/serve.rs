//! `serve`: the built page on localhost.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::setup::Setup;
use crate::site::{self, Answer};

/// The number of ports that are tried after the requested one.
const PORTS: u16 = 50;

/// The number of files that are served at once.
const THREADS: usize = 4;

/// Builds and serves the page until interrupted.
pub(crate) fn run(setup: &Setup, port: u16) -> Result<()> {
    setup.page()?;
    let server = bind(port)?;
    println!("\nRingside is at http://localhost:{}/ (Ctrl-C ends it)", port_of(&server)?);
    serve(server, &setup.project.dist());
    Ok(())
}

/// Listens on the port, or on the next free one, of the loopback address.
fn bind(port: u16) -> Result<Server> {
    let last = port.saturating_add(PORTS);
    (port..=last)
        .find_map(|candidate| Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, candidate))).ok())
        .with_context(|| format!("no port from {port} to {last} is free: choose another with --port"))
}

fn port_of(server: &Server) -> Result<u16> {
    server
        .server_addr()
        .to_ip()
        .map(|address| address.port())
        .ok_or_else(|| anyhow!("the server has no port"))
}

/// Answers requests until the server stops.
fn serve(server: Server, folder: &Path) {
    let server = Arc::new(server);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let server = Arc::clone(&server);
            scope.spawn(move || {
                while let Ok(request) = server.recv() {
                    answer(request, folder);
                }
            });
        }
    });
}

fn answer(request: Request, folder: &Path) {
    let answer = match request.method() {
        Method::Get | Method::Head => site::answer(folder, request.url()),
        _ => Answer::text(405, "Only GET and HEAD are answered here.\n"),
    };
    let mut response = Response::from_data(answer.body).with_status_code(answer.status);
    // The page can be rebuilt while it is open, so the browser must revalidate.
    let headers = [
        ("Content-Type", answer.content_type),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // A browser that has closed the connection is not an error.
    request.respond(response).ok();
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};
    use std::path::PathBuf;
    use std::thread;

    use super::{bind, port_of, serve};

    /// A folder with a page, unique to a test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("ringside-serve-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("assets")).unwrap();
        fs::write(folder.join("index.html"), "<!doctype html>\n<title>a page</title>").unwrap();
        fs::write(folder.join("assets/module.wasm"), b"\0asm").unwrap();
        folder
    }

    fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_browser_gets_the_page_and_nothing_else() {
        let folder = folder("answers");
        let listening = bind(18_080).unwrap();
        let port = port_of(&listening).unwrap();
        let served = folder.clone();
        // The thread ends with the process.
        thread::spawn(move || serve(listening, &served));

        let page = ask(port, "GET /");
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.ends_with("<title>a page</title>"), "{page}");

        let module = ask(port, "GET /assets/module.wasm?v=1");
        assert!(
            module.contains("Content-Type: application/wasm\r\n") && module.ends_with("\0asm"),
            "{module}"
        );

        let head = ask(port, "HEAD /");
        assert!(head.starts_with("HTTP/1.1 200 ") && !head.contains("a page"), "{head}");

        assert!(ask(port, "GET /../Cargo.toml").starts_with("HTTP/1.1 404 "));
        assert!(ask(port, "GET /missing.js").starts_with("HTTP/1.1 404 "));
        assert!(ask(port, "POST /").starts_with("HTTP/1.1 405 "));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_next_port_is_used_if_one_is_taken() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let found = port_of(&bind(port).unwrap()).unwrap();
        assert!(found > port && found - port <= super::PORTS, "{port} {found}");
    }
}
