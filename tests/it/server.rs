//! A small HTTP server on loopback for tests: one closure answers, raw bytes where a real server would not say such things.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use url::Url;

/// What was asked.
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// What was posted.
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Asked {
    /// Returns a header by its lower-case name, each byte one character.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
pub struct Answer {
    bytes: Vec<u8>,
    then: Then,
}

enum Then {
    Close,
    Silence,
    Drip,
}

impl Answer {
    /// A status without a body.
    pub fn status(status: u16) -> Answer {
        Answer {
            bytes: format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            then: Then::Close,
        }
    }

    /// 200 with a text.
    pub fn text(text: &str) -> Answer {
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", text.len());
        Answer { bytes: (head + text).into_bytes(), then: Then::Close }
    }

    /// 200 with a body of these pieces, its length not said beforehand.
    pub fn chunked(pieces: &[&[u8]]) -> Answer {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for piece in pieces.iter().chain([&b"".as_slice()]) {
            bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            bytes.extend_from_slice(piece);
            bytes.extend_from_slice(b"\r\n");
        }
        Answer { bytes, then: Then::Close }
    }

    /// A redirect.
    pub fn redirect(status: u16, to: &str) -> Answer {
        Answer::status(status).with("location", to)
    }

    /// These bytes, then the end of the connection.
    pub fn raw(bytes: &str) -> Answer {
        Answer { bytes: bytes.as_bytes().to_vec(), then: Then::Close }
    }

    /// These bytes, then nothing more, but no end either.
    pub fn then_silent(bytes: &str) -> Answer {
        Answer { bytes: bytes.as_bytes().to_vec(), then: Then::Silence }
    }

    /// Nothing at all, without an end.
    pub fn silent() -> Answer {
        Answer::then_silent("")
    }

    /// These bytes, then one more every few milliseconds.
    pub fn drip(bytes: &str) -> Answer {
        Answer { bytes: bytes.as_bytes().to_vec(), then: Then::Drip }
    }

    /// Makes it say another status.
    pub fn with_status(mut self, status: u16) -> Answer {
        self.bytes.splice(9..12, status.to_string().into_bytes());
        self
    }

    /// Adds a header, each character of its value one byte.
    pub fn with(mut self, name: &str, value: &str) -> Answer {
        let at = self.bytes.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        let value = value.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
        let line: Vec<u8> = format!("{name}: ").into_bytes().into_iter().chain(value).chain(*b"\r\n").collect();
        self.bytes.splice(at..at, line);
        self
    }
}

/// A server that answers until it is dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Starts it on a free port of 127.0.0.1.
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, end, answer) = (requests.clone(), stopped.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                let (count, answer, end) = (count.clone(), answer.clone(), end.clone());
                std::thread::spawn(move || {
                    let _ = serve(stream?, &count, &end, &*answer);
                    std::io::Result::Ok(())
                });
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Server { address, requests, stopped, runtime }
    }

    /// Returns the address of a path on it.
    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// Returns how many requests it has got.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Waits for something that talks to it.
    pub fn block_on<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Stops listening.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        // The listener is closed when its thread has seen that; until then connections are refused or end at once.
        while TcpStream::connect(self.address).is_ok() {
            std::thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: TcpStream, count: &AtomicUsize, stopped: &AtomicBool, answer: &dyn Fn(&Asked) -> Answer) -> std::io::Result<()> {
    let Some(asked) = read(&stream)? else { return Ok(()) };
    count.fetch_add(1, Ordering::SeqCst);
    let answer = answer(&asked);
    let mut out = &stream;
    out.write_all(&answer.bytes)?;
    match answer.then {
        Then::Close => {
            stream.shutdown(Shutdown::Write)?;
            // Closing while the other side's bytes are unread would reset the connection and take our answer with it.
            let _ = (&stream).read(&mut [0; 1024]);
        }
        Then::Silence => wait(&stream, stopped, || Ok(())),
        Then::Drip => wait(&stream, stopped, || (&stream).write_all(b"x")),
    }
    Ok(())
}

/// Holds the connection until the other side gives it up.
fn wait(stream: &TcpStream, stopped: &AtomicBool, mut each: impl FnMut() -> std::io::Result<()>) {
    let _ = stream.set_read_timeout(Some(Duration::from_millis(20)));
    while !stopped.load(Ordering::SeqCst) && each().is_ok() {
        match (&mut &*stream).read(&mut [0; 1]) {
            Ok(0) => break,
            Err(error) if !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            _ => {}
        }
    }
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Asked>> {
    let mut lines = BufReader::new(stream);
    let next = |lines: &mut BufReader<&TcpStream>| -> std::io::Result<String> {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line)?;
        Ok(line.iter().map(|byte| char::from(*byte)).collect::<String>().trim_end().to_owned())
    };
    let first = next(&mut lines)?;
    let Some(path) = first.split(' ').nth(1) else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let line = next(&mut lines)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    Ok(Some(Asked { path: path.to_owned(), body, headers }))
}
