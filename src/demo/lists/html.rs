//! HTML pages that list stories.

use crate::demo::markup::escape;
use crate::demo::sites::Site;
use crate::demo::story::Story;

fn page(site: &Site, head: &str, main: &str) -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}</head>
<body>
<header class="top"><a class="logo" href="/">{name}</a><p>{motto}</p>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li>
<li><a href="/search">Search</a></li><li><a href="/account/">Sign in</a></li></ul></nav></header>
{main}
<footer><ul><li><a href="/about">About us</a></li><li><a href="/contact">Contact</a></li><li><a href="/privacy">Privacy</a></li>
<li><a href="/terms">Terms of use</a></li></ul><p>&copy; {name}</p></footer>
</body>
</html>
"##,
        language = site.language,
        name = escape(site.name),
        motto = escape(site.motto),
    )
}

/// The front page of a site that has a feed.
pub(super) fn front(site: &Site, stories: &[&Story]) -> String {
    let links: String = stories
        .iter()
        .map(|story| format!("<li><a href=\"{}\">{}</a></li>\n", escape(&story.path()), escape(story.title)))
        .collect();
    let head = format!("<link rel=\"alternate\" title=\"All news\" href=\"{}\">\n", escape(site.list_path));
    page(site, &head, &format!("<main><h1>{}</h1><ul class=\"newest\">\n{links}</ul></main>", escape(site.name)))
}

/// Cards as a regional paper has them; read without given selectors. A box of adverts has the same shape and leads elsewhere.
pub(super) fn cards(site: &Site, stories: &[&Story]) -> String {
    let cards: String = stories
        .iter()
        .map(|story| {
            format!(
                "<article class=\"card\"><a class=\"picture\" href=\"{0}\"><img src=\"/img/{1}.jpg\" alt=\"\"></a>\n\
                 <h2 class=\"card-title\"><a href=\"{0}\">{2}</a></h2>\n<time datetime=\"{3}\">{4}</time>\n<p>{5}</p>\n\
                 <a class=\"more\" href=\"{0}#comments\">Comments</a></article>\n",
                escape(&story.path()),
                story.words(),
                escape(story.title),
                story.day,
                story.when("%B %-d, %Y"),
                escape(story.teaser())
            )
        })
        .collect();
    let main = format!(
        "<main><h1>Local news</h1>\n<section class=\"river\">\n{cards}</section>\n</main>\n\
         <aside class=\"promo\"><h3>From our advertisers</h3><ul><li><a href=\"https://tires.example/\">Winter tires, fitted</a></li>\
         <li><a href=\"https://roofs.example/\">Roofs from a name you know</a></li></ul></aside>"
    );
    page(site, "", &main)
}

/// An office's table, the day in words in its own column.
pub(super) fn table(site: &Site, stories: &[&Story]) -> String {
    let rows: String = stories
        .iter()
        .map(|story| {
            format!(
                "<tr><td class=\"filed\">{}</td><td class=\"org\"><a href=\"{}\">{}</a></td><td><a href=\"{1}?format=pdf\">PDF</a></td></tr>\n",
                story.when("%m/%d/%Y"),
                escape(&story.path().replace("/notices/", "")),
                escape(story.title)
            )
        })
        .collect();
    let main = format!(
        "<div id=\"content\"><h1>Notices received</h1>\n<p>Businesses and public bodies must tell this office when personal \
         information of residents may have been taken.</p>\n<table class=\"notices\">\n<thead><tr><th>Filed</th><th>Notice</th>\
         <th>Original</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n<p><a href=\"/notices/archive.html\">Older notices</a></p></div>"
    );
    page(site, "", &main)
}

/// A section page that shows no days.
pub(super) fn undated(site: &Site, stories: &[&Story]) -> String {
    let items: String = stories
        .iter()
        .map(|story| {
            format!(
                "<div class=\"teaser\"><span class=\"kicker\">Technology</span><a class=\"headline\" href=\"{}\"><b>{}</b></a>\
                 <div class=\"blurb\">{}</div></div>\n",
                escape(&story.path()),
                escape(story.title),
                escape(story.teaser())
            )
        })
        .collect();
    page(site, "", &format!("<div class=\"columns\"><div class=\"column-main\"><h1>Technology</h1>\n{items}</div></div>"))
}
