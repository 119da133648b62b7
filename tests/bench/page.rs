//! Pages read to articles, in pages a second on one core: the pages of the tests, padded with the scripts and promotion that
//! make real pages 80 KB long. Paths of other saved pages may be given: `cargo bench --bench page -- ../shared/pages/*.html`.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use breachline::page::{self, Hint};

/// The length to which the pages of the tests are padded, in bytes.
const LENGTH: usize = 80 * 1024;

/// How often all pages are read; the fastest round counts, as the others were disturbed.
const ROUNDS: usize = 7;

#[allow(clippy::print_stdout)]
fn main() {
    let named: Vec<PathBuf> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).map(PathBuf::from).collect();
    let pages: Vec<Vec<u8>> =
        if named.is_empty() { cases() } else { named.iter().filter_map(|path| fs::read(path).ok()).collect() };
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let mut articles = 0;
    let best = (0..ROUNDS).map(|_| round(&pages, &mut articles)).fold(f64::MAX, f64::min);
    println!(
        "{} pages of {} KB, {articles} of them articles: {:.0} pages/s, {:.0} MB/s on one core",
        pages.len(),
        bytes / pages.len().max(1) / 1024,
        pages.len() as f64 / best,
        bytes as f64 / best / 1e6,
    );
}

fn round(pages: &[Vec<u8>], articles: &mut usize) -> f64 {
    let begun = Instant::now();
    let read = pages.iter().filter(|page| black_box(page::read_bytes(page, Some("text/html"), None, &Hint::default())).is_ok());
    *articles = read.count();
    begun.elapsed().as_secs_f64()
}

fn cases() -> Vec<Vec<u8>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/page");
    let mut folders: Vec<PathBuf> = fs::read_dir(data).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().filter_map(|folder| fs::read(folder.join("source.html")).ok()).map(padded).collect()
}

fn padded(mut page: Vec<u8>) -> Vec<u8> {
    for k in 0.. {
        if page.len() >= LENGTH {
            break;
        }
        let promo = format!("<div class=\"promo\" data-i=\"{k}\"><a href=\"/p/{k}\">Subscribe to our newsletter</a></div>\n");
        let script = format!("<script>var q{k} = [{}];</script>\n", "{k:1,v:'5f3a9c'},".repeat(20));
        page.extend(promo.bytes().chain(script.bytes()));
    }
    page
}
