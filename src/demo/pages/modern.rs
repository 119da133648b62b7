//! The look of a site made by an application: nameless `div`s, JSON-LD as a graph, a ticker, the state of the page as a script.

use serde_json::json;

use super::{figure, links};
use crate::demo::markup::{body, escape};
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let others = world.beside(story, 7);
    let (ticker, trending) = others.split_at(others.len().min(3));
    let text = body(story, " class=\"css-1k7b2qx\"", |n| {
        if n == 2 { "<div class=\"css-ad0\"><span>Advertisement</span></div>\n".to_owned() } else { String::new() }
    });
    format!(
        r##"<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/><meta name="viewport" content="width=device-width"/>
<title>{title} | {site}</title><meta name="next-head-count" content="14"/>
<script type="application/ld+json">{graph}</script>
<style data-emotion="css">.css-1k7b2qx{{margin:0 0 1.2rem}}.css-9ab{{display:flex}}</style></head>
<body><div id="__next"><div class="css-9ab css-top">{ticker}</div>
<div class="css-3fz"><div class="css-logo"><a href="/">{site}</a></div><div class="css-menu"><a href="/latest">Latest</a><a href="/opinion">Opinion</a>
<a href="/podcasts">Podcasts</a><button>Sign in</button><button>Subscribe</button></div></div>
<div class="css-0grid"><div class="css-col-a"><div class="css-eyebrow">News</div><h1 class="css-h1x">{title}</h1>
<div class="css-dek">{motto}</div>
<div class="css-by"><a href="/authors">{author}</a><span>{day}</span><span>3 minutes</span></div>
{figure}<div class="css-body">
{text}</div>
<div class="css-pill"><a href="/topics/security">Security</a><a href="/topics/policy">Policy</a></div>
<div class="css-nl"><h4>Be the first to know</h4><p>Join 40,000 people who read our daily note. One e-mail, no noise.</p>
<input placeholder="E-mail address"/><button>Join</button></div></div>
<div class="css-col-b"><h4>Trending</h4>{trending}</div></div>
<div class="css-foot"><span>{site}</span><a href="/terms">Terms</a><a href="/privacy">Privacy</a><a href="/do-not-sell">Do not sell my data</a></div></div>
<script id="__NEXT_DATA__" type="application/json">{state}</script><script src="/_next/static/chunks/main.js" defer=""></script></body></html>
"##,
        title = escape(story.title),
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        graph = script(&graph(story, &world.address(story))),
        ticker = links(world, ticker, "<div class=\"css-tick\">", "</div>"),
        author = escape(story.author),
        day = story.when("%b %-d, %Y"),
        figure = figure(story),
        trending = links(world, trending, "<div class=\"css-tr\">", "</div>"),
        state = script(&json!({ "page": "/story", "props": { "title": story.title, "teaser": story.teaser() } })),
    )
}

fn graph(story: &Story, address: &str) -> serde_json::Value {
    json!({ "@context": "https://schema.org", "@graph": [
        { "@type": "WebSite", "name": story.site.name },
        { "@type": "BreadcrumbList", "itemListElement": [{ "@type": "ListItem", "position": 1, "name": "News" }] },
        { "@type": ["Article", "NewsArticle"], "headline": story.title, "url": address,
          "datePublished": story.when("%Y-%m-%dT%H:%M:%S.000Z"), "author": { "@type": "Person", "name": story.author } },
    ] })
}

fn script(value: &serde_json::Value) -> String {
    value.to_string().replace("</", "<\\/")
}
