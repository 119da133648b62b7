//! The look of a blog: microformats, previous and next, a blog roll, a box that asks for support.

use super::{figure, links};
use crate::demo::markup::{body, escape, nothing};
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let others = world.beside(story, 6);
    let (neighbours, roll) = others.split_at(others.len().min(2));
    format!(
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} &#8211; {site}</title>
<link rel="alternate" title="{site}" href="{list}">
<style>body{{max-width:46rem;margin:auto;font-family:serif}}</style>
</head>
<body class="h-feed">
<header id="masthead"><p class="site-title"><a href="/">{site}</a></p><p class="site-description">{motto}</p>
<ul class="menu"><li><a href="/about/">About</a></li><li><a href="/archive/">Archive</a></li><li><a href="{list}">Feed</a></li></ul></header>
<div id="content">
<div class="h-entry post">
<h1 class="p-name">{title}</h1>
<p class="postmeta"><time class="dt-published" datetime="{iso}">{day}</time> by <a class="p-author h-card" href="/about/">{author}</a></p>
{figure}<div class="e-content">
{text}</div>
<p class="support">If you find this useful, <a href="/support/">buy me a coffee</a>. It keeps the lights on.</p>
<nav class="post-navigation">
{neighbours}</nav>
</div>
</div>
<div id="sidebar"><h3>Elsewhere</h3><ul class="blogroll">
{roll}</ul><h3>Archive</h3><ul><li><a href="/archive/2026/">2026</a></li><li><a href="/archive/2022/">2022</a></li>
<li><a href="/archive/2014/">2014</a></li></ul></div>
<footer><p>Proudly hand-made. No trackers, no cookies, no banner.</p></footer>
</body>
</html>
"##,
        title = escape(story.title),
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        list = escape(story.site.list_path),
        iso = story.when("%Y-%m-%dT%H:%M:%S+00:00"),
        day = story.when("%-d %B %Y"),
        author = escape(story.author),
        figure = figure(story),
        text = body(story, "", nothing),
        neighbours = links(world, neighbours, "<div class=\"nav-link\">", "</div>"),
        roll = links(world, roll, "<li>", "</li>"),
    )
}
