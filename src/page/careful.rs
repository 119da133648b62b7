//! The readers that need a whole HTML parser: a source's own selector. They never see a page that is nested to hurt them.

use scraper::{Html, Selector};

use super::body::{self, Body};
use super::parse;
use super::tree::Shape;

/// The deepest nesting, the most attributes of one element and the most unclosed formatting elements that the parser is given:
/// its time grows with the square of these.
const DEEPEST: usize = 512;
const MOST_ATTRIBUTES: usize = 1000;
const MOST_UNCLOSED: usize = 2000;

/// The longest page that it is given, in bytes.
const LONGEST: usize = 6 << 20;

/// Tells whether a page may be given to the whole parser.
fn is_safe(html: &str, shape: Shape) -> bool {
    html.len() <= LONGEST && shape.depth <= DEEPEST && shape.attributes <= MOST_ATTRIBUTES && shape.unclosed <= MOST_UNCLOSED
}

/// Reads the text of the elements that a selector names, as it stands there but for what is hidden; None if it names none.
pub(super) fn select(html: &str, shape: Shape, selector: &str) -> Option<Body> {
    if !is_safe(html, shape) {
        return None;
    }
    let selector = Selector::parse(selector).ok()?;
    let page = Html::parse_document(html);
    let mut paragraphs = Vec::new();
    let mut last = None;
    for element in page.select(&selector) {
        if last.is_some_and(|last| element.ancestors().any(|above| above.id() == last)) {
            continue;
        }
        last = Some(element.id());
        let part = element.html();
        let tree = parse::parse(&part);
        paragraphs.extend(body::read_chosen(&tree, 0).paragraphs);
    }
    (!paragraphs.is_empty()).then_some(Body { paragraphs })
}
