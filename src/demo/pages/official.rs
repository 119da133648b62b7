//! The look of an office: Dublin Core meta elements, a table of facts beside the text, the text in a plain `div`.

use crate::demo::markup::{body, escape, nothing};
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let newer: String = world
        .beside(story, 3)
        .iter()
        .filter(|other| other.site.key == story.site.key)
        .map(|other| format!("<li><a href=\"{}\">{}</a></li>\n", escape(&other.path()), escape(other.title)))
        .collect();
    format!(
        r##"<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head>
<meta charset="utf-8" />
<title>{motto} | {title}</title>
<link rel="schema.DCTERMS" href="http://purl.org/dc/terms/" />
<meta name="DCTERMS.title" content="{title}" />
<meta name="DCTERMS.issued" content="{day}" />
<meta name="DCTERMS.publisher" content="{motto}" />
</head>
<body>
<div id="official-banner">An official website. Here is how you know.</div>
<div id="header"><h2>{motto}</h2><div id="search"><form action="/search"><input name="q" /><input type="submit" value="Search" /></form></div></div>
<div id="tabs"><ul><li><a href="/">Home</a></li><li><a href="/complaints.html">File a complaint</a></li><li><a href="/notices/index.html">{site}</a></li>
<li><a href="/scams.html">Scam alerts</a></li></ul></div>
<div id="content">
<h1>{title}</h1>
<table class="facts"><tr><th>Filed on</th><td>{filed}</td></tr><tr><th>Filed by</th><td>{author}</td></tr>
<tr><th>Notice no.</th><td>{number}</td></tr></table>
<div id="notice-text">
{text}</div>
<div id="after"><p>If you believe that you are a victim of identity theft, call the helpline of this office. Copies of notices are
public records. This office does not check what they say.</p>
<h3>Other notices</h3><ul>
{newer}</ul></div>
</div>
<div id="footer">Accessibility | Privacy | Public records | Contact the webmaster</div>
</body>
</html>
"##,
        motto = escape(story.site.motto),
        site = escape(story.site.name),
        title = escape(story.title),
        day = story.day,
        filed = story.when("%m/%d/%Y"),
        author = escape(story.author),
        number = story.when("%Y-%m%d"),
        text = body(story, "", nothing),
    )
}
