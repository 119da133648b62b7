//! The look of an old paper's new site: a large first letter, columns of links, and no day anywhere but in the address.

use super::{figure, links};
use crate::demo::markup::{body, escape, nothing};
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let others = world.beside(story, 8);
    let (left, right) = others.split_at(others.len() / 2);
    format!(
        r##"<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="description" content="{teaser}">
<link rel="stylesheet" href="/static/standard.css">
</head>
<body>
<div class="page">
<div class="hd"><a href="/"><img src="/static/crest.png" alt="{site}"></a><div class="motto">{motto}</div>
<div class="nav"><a href="/news">News</a><a href="/politics">Politics</a><a href="/football">Football</a><a href="/technology">Technology</a>
<a href="/puzzles">Puzzles</a></div></div>
<div class="grid">
<div class="left"><div class="hl">Most popular</div>
{left}</div>
<div class="centre">
<div class="section-label">Technology</div>
<h1>{title}</h1>
<div class="standfirst-author">{author}</div>
<div class="social"><a href="#">Save</a><a href="#">Share</a></div>
{figure}<div class="copy">
{text}</div>
<div class="trust"><a href="/trust">Why you can trust the {site}</a></div>
</div>
<div class="right"><div class="hl">You may also like</div>
{right}<div class="box"><b>Puzzles</b><p>Play our daily crossword and forty other games, free for a month.</p></div></div>
</div>
<div class="ft"><a href="/corrections">Corrections</a><a href="/syndication">Syndication</a><a href="/cookies">Cookie settings</a></div>
</div>
</body>
</html>
"##,
        title = escape(story.title),
        teaser = escape(story.teaser()),
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        left = links(world, left, "<div class=\"li\">", "</div>"),
        right = links(world, right, "<div class=\"li\">", "</div>"),
        author = escape(story.author),
        figure = figure(story),
        text = large_first_letter(&body(story, "", nothing)),
    )
}

fn large_first_letter(text: &str) -> String {
    let Some(rest) = text.strip_prefix("<p>") else { return text.to_owned() };
    let mut chars = rest.chars();
    match chars.next().filter(|c| c.is_alphabetic()) {
        Some(first) => format!("<p><span class=\"drop\">{first}</span>{}", chars.as_str()),
        None => text.to_owned(),
    }
}
