//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

/// Returns one line of values, with its end.
pub fn line<T: AsRef<str>>(cells: &[T]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let written = writer.write_record(cells.iter().map(|cell| harmless(cell.as_ref())));
    debug_assert!(written.is_ok(), "lines are written into memory");
    writer.into_inner().unwrap_or_default()
}

/// Puts an apostrophe before what a spreadsheet would take for a formula (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_formulas_are_text() {
        let line = String::from_utf8(line(&["Orchard & Pell", "a, \"b\"", "=1+1", ""])).unwrap();
        assert_eq!(line, "Orchard & Pell,\"a, \"\"b\"\"\",'=1+1,\r\n");
        for plain in ["Sega", "", "a=b", "1-2", "3M"] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
