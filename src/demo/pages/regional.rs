//! The look of a regional paper: `<time>`, a pull quote that repeats the story, readers' comments with figures of their own.

use super::{figure, links};
use crate::demo::markup::{body, escape};
use crate::demo::story::Story;
use crate::demo::world::World;

const COMMENTS: &[(&str, &str)] = &[
    ("valleydad61", "My card was in the Target thing AND the Home Depot thing. 40 million people and nobody goes to jail."),
    ("Ruth P.", "Does anybody know if the clinic on Elm Street is affected? They were hacked too, I heard, 5,000 patients."),
    ("NotARobot", "This is what happens when you lay off the computer people."),
];

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let others = world.beside(story, 6);
    let quote = escape(story.teaser());
    let text = body(story, "", |n| {
        if n == 3 { format!("<aside class=\"pullquote\"><blockquote>{quote}</blockquote></aside>\n") } else { String::new() }
    });
    let comments: String = COMMENTS
        .iter()
        .map(|(who, what)| format!("<li class=\"comment\"><b>{who}</b> <span>2 days ago</span><p>{what}</p></li>\n"))
        .collect();
    format!(
        r##"<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>{title} - {site}</title>
<meta name="viewport" content="width=device-width">
<meta name="twitter:card" content="summary_large_image">
<link rel="stylesheet" href="/s.css">
</head>
<body>
<div class="breaking">BREAKING: <a href="/weather">Frost advisory until 9 a.m. for the whole valley</a></div>
<header class="page-header"><a href="/">{site}</a> <span>{motto}</span>
<nav><a href="/local/">Local</a> <a href="/sports/">Sports</a> <a href="/obituaries/">Obituaries</a> <a href="/classifieds/">Classifieds</a>
<a class="subscribe" href="/subscribe">Subscribe for $1</a></nav></header>
<div class="layout">
<main>
<section class="story">
<h1>{title}</h1>
<div class="credit"><span class="author">{author}</span> <span class="role">Staff writer</span>
<time datetime="{day}">{words}</time></div>
{figure}<div class="story-text">
{text}</div>
<div class="signoff">Reach the newsroom at newsroom@courier.example or 555-0100.</div>
</section>
<section id="comments"><h2>Comments (3)</h2><ul>
{comments}</ul></section>
</main>
<aside class="side"><h2>Trending</h2><ol>
{trending}</ol><div class="ad">Advertisement</div></aside>
</div>
<div class="related-strip"><h2>More from the valley</h2>
{more}</div>
<footer>Copyright {year} {site}. This material may not be published, broadcast or rewritten.</footer>
</body>
</html>
"##,
        title = escape(story.title),
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        author = escape(story.author),
        day = story.day,
        words = story.when("%b. %-d, %Y"),
        figure = figure(story),
        trending = links(world, &others, "<li>", "</li>"),
        more = links(world, &others[..others.len().min(3)], "<div class=\"mini\">", "</div>"),
        year = story.day.year(),
    )
}
