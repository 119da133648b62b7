//! Text into markup, and markup into bytes.

use crate::demo::story::{Block, Story};

/// Returns the text with the five characters that mean something to markup written as entities.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Returns the text of a story as HTML, each paragraph as `<p ATTRIBUTES>`; `between` may put something after the n-th, from 1.
pub fn body(story: &Story, attributes: &str, mut between: impl FnMut(usize) -> String) -> String {
    let mut out = String::new();
    let mut paragraphs = 0;
    let mut in_list = false;
    for block in &story.blocks {
        let entry = matches!(block, Block::Entry(_));
        if entry != in_list {
            out.push_str(if entry { "<ul>\n" } else { "</ul>\n" });
            in_list = entry;
        }
        let text = escape(block.text());
        match block {
            Block::Paragraph(_) => {
                out.push_str(&format!("<p{attributes}>{text}</p>\n"));
                paragraphs += 1;
                out.push_str(&between(paragraphs));
            }
            Block::Heading(_) => out.push_str(&format!("<h2>{text}</h2>\n")),
            Block::Entry(_) => out.push_str(&format!("<li>{text}</li>\n")),
        }
    }
    if in_list {
        out.push_str("</ul>\n");
    }
    out
}

/// For [`body`]: nothing between the paragraphs.
pub fn nothing(_: usize) -> String {
    String::new()
}

/// Returns the text as the inside of a CDATA section.
pub fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Returns markup as ISO-8859-1; what that cannot hold becomes a numeric reference.
pub fn latin1(markup: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(markup.len());
    for c in markup.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => out.push(byte),
            Err(_) => out.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_holds_what_it_must() {
        assert_eq!(escape("A & B's \"<x>\""), "A &amp; B&#39;s &quot;&lt;x&gt;&quot;");
        assert_eq!(latin1("ü – x"), b"\xfc &#8211; x");
        assert_eq!(cdata("a]]>b"), "<![CDATA[a]]]]><![CDATA[>b]]>");
    }
}
