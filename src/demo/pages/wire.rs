//! The look of a wire agency: clean semantic HTML, Open Graph and JSON-LD, a cookie banner before everything.

use serde_json::json;

use super::{figure, links};
use crate::demo::markup::{body, escape, nothing};
use crate::demo::story::Story;
use crate::demo::world::World;

const STYLE: &str = "<style>.cookie{position:fixed;bottom:0}.rail{float:right;width:300px}</style>";
const SCRIPT: &str = r#"<script>window.dataLayer=window.dataLayer||[];function t(){dataLayer.push(arguments)}t("page",{"type":"article"});
document.addEventListener("click",function(e){if(e.target.matches(".cookie button")){e.target.closest(".cookie").remove()}});</script>"#;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let address = world.address(story);
    let others = world.beside(story, 8);
    let (most_read, related) = others.split_at(others.len() / 2);
    format!(
        r##"<!DOCTYPE html>
<html lang="en" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="utf-8">
<title>{title} | {site}</title>
<link rel="canonical" href="{address}">
<meta name="description" content="{teaser}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="{site}">
<script type="application/ld+json">{linked}</script>
{STYLE}
</head>
<body>
<div class="cookie" role="dialog" aria-label="Cookies"><p>We and our 214 partners store and read information on your device to show
you adverts that suit you. You may withdraw your consent at any time.</p><button>Accept all</button><button>Manage choices</button></div>
<a class="skip" href="#main">Skip to content</a>
<header><a href="/" class="brand">{site}</a>
<nav aria-label="Sections"><ul><li><a href="/world">World</a></li><li><a href="/business">Business</a></li><li><a href="/markets">Markets</a></li>
<li><a href="/technology">Technology</a></li><li><a href="/sports">Sports</a></li></ul></nav></header>
<main id="main">
<article>
<header><h1>{title}</h1>
<p class="byline">By {author}</p><p class="stamp"><time datetime="{iso}">{day}</time> &middot; 2 min read</p>
<ul class="share" aria-label="Share"><li><a href="#">Facebook</a></li><li><a href="#">Email</a></li><li><a href="#">Copy link</a></li></ul></header>
{figure}<div class="article-body">
{text}</div>
<p class="standards">Our standards: <a href="/about/principles">How we report</a></p>
</article>
<section class="read-next"><h2>Read next</h2><ul>
{related}</ul></section>
</main>
<aside class="rail"><h2>Most read</h2><ol>
{most_read}</ol>
<div class="newsletter"><h2>The morning file</h2><p>All the news you need to start your day, in your inbox at six. Sign up free.</p>
<form><input type="email" placeholder="Your email"><button>Sign up</button></form></div></aside>
<footer><p>All quotes delayed a minimum of 15 minutes. &copy; {year} {site}. All rights reserved.</p></footer>
{SCRIPT}
</body>
</html>
"##,
        title = escape(story.title),
        site = escape(story.site.name),
        address = escape(&address),
        teaser = escape(story.teaser()),
        linked = linked_data(story, &address),
        author = escape(story.author),
        iso = story.when("%Y-%m-%dT%H:%M:%SZ"),
        day = story.when("%B %-d, %Y %-I:%M %p GMT"),
        figure = figure(story),
        text = body(story, "", nothing),
        most_read = links(world, most_read, "<li>", "</li>"),
        related = links(world, related, "<li>", "</li>"),
        year = story.day.year(),
    )
}

fn linked_data(story: &Story, address: &str) -> String {
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "mainEntityOfPage": address,
        "datePublished": story.when("%Y-%m-%dT%H:%M:%SZ"),
        "dateModified": story.when("%Y-%m-%dT11:02:00Z"),
        "author": [{ "@type": "Person", "name": story.author }],
        "publisher": { "@type": "NewsMediaOrganization", "name": story.site.name },
    })
    .to_string()
    .replace("</", "<\\/")
}
