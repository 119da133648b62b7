//! The look of the trade press: nested `div`s, meta elements, boxes and lists of links between the paragraphs.

use super::links;
use crate::demo::markup::{body, escape};
use crate::demo::story::Story;
use crate::demo::world::World;

/// The words of the furniture.
pub(super) struct Words {
    charset: &'static str,
    date: &'static str,
    by: &'static str,
    sections: [&'static str; 4],
    share: &'static str,
    newsletter: &'static str,
    see_also: &'static str,
    popular: &'static str,
    cookies: &'static str,
    comments: &'static str,
    rights: &'static str,
}

/// The furniture in English.
pub(super) const ENGLISH: Words = Words {
    charset: "utf-8",
    date: "%d %B %Y",
    by: "By",
    sections: ["News", "Features", "White papers", "Jobs"],
    share: "Share this article",
    newsletter: "Get stories like this one by e-mail every Thursday. More than 85,000 readers already do.",
    see_also: "See also:",
    popular: "Popular this month",
    cookies: "This site uses cookies. By going on you agree to their use.",
    comments: "Log in to comment",
    rights: "Registered in England and Wales. All rights reserved.",
};

/// The furniture in German.
pub(super) const GERMAN: Words = Words {
    charset: "iso-8859-1",
    date: "%d.%m.%Y",
    by: "Von",
    sections: ["Newsticker", "Hintergrund", "Foren", "Stellenmarkt"],
    share: "Beitrag teilen",
    newsletter: "Unser Newsletter bringt Ihnen jeden Donnerstag die wichtigsten Meldungen. Jetzt kostenlos abonnieren.",
    see_also: "Siehe auch:",
    popular: "Meistgelesen",
    cookies: "Diese Seite verwendet Cookies. Mit der weiteren Nutzung stimmen Sie dem zu.",
    comments: "Kommentare lesen (37 Beiträge)",
    rights: "Alle Rechte vorbehalten.",
};

/// Returns the page.
pub(super) fn render(world: &World, story: &Story, words: &Words) -> String {
    let others = world.beside(story, 7);
    let (popular, see_also) = others.split_at(others.len().saturating_sub(2));
    let text = body(story, "", |n| match n {
        2 => format!(
            "<div class=\"box box--newsletter\"><p>{}</p><a class=\"btn\" href=\"/newsletter\">OK</a></div>\n",
            words.newsletter
        ),
        3 => format!(
            "<div class=\"inline-links\"><strong>{}</strong><ul>{}</ul></div>\n",
            words.see_also,
            links(world, see_also, "<li>", "</li>")
        ),
        _ => String::new(),
    });
    let sections: String =
        words.sections.iter().map(|name| format!("<div class=\"menu-item\"><a href=\"#\">{name}</a></div>")).collect();
    format!(
        r##"<!DOCTYPE html>
<html lang="{language}">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{title} - {site}</title>
<meta property="og:title" content="{title}">
<meta property="article:published_time" content="{iso}">
<meta property="article:section" content="Security">
<meta name="author" content="{author}">
<script src="/js/vendor.min.js" async></script>
</head>
<body class="single single-post">
<div id="cookie-notice"><span>{cookies}</span><a href="#">OK</a></div>
<div class="wrapper">
<div class="masthead"><a href="/"><img src="/logo.svg" alt="{site}"></a><span class="tagline">{motto}</span></div>
<div class="menu">{sections}</div>
<div class="leaderboard"><div id="div-gpt-ad-1"></div></div>
<div class="row">
<div class="col-8">
<div class="post" id="post-{number}">
<div class="crumbs"><a href="/">{first}</a> &raquo; <a href="/security">Security</a></div>
<h1 class="entry-title">{title}</h1>
<div class="entry-meta">{by} <a rel="author" href="/staff">{author}</a> | {date}</div>
<div class="sharebar"><span>{share}</span> <a href="#">X</a> <a href="#">LinkedIn</a> <a href="#">E-Mail</a></div>
{figure}<div class="entry-content">
{text}</div>
<div class="tags"><a href="/tag/security">security</a>, <a href="/tag/data">data</a></div>
<div class="sharebar sharebar-bottom"><span>{share}</span> <a href="#">X</a> <a href="#">LinkedIn</a></div>
<div class="comments-link"><a href="#comments">{comments}</a></div>
</div>
</div>
<div class="col-4 sidebar">
<div class="widget"><h3>{popular_head}</h3><ul>
{popular}</ul></div>
<div class="widget widget-ad"><a href="/whitepaper">Free guide: Ten questions to ask your cloud provider</a></div>
</div>
</div>
<div class="footer"><p>&copy; {site}. {rights}</p></div>
</div>
<script>(function(){{var s=document.createElement("script");s.src="/js/stats.js";document.body.appendChild(s)}})();</script>
</body>
</html>
"##,
        language = story.site.language,
        charset = words.charset,
        title = escape(story.title),
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        iso = story.when("%Y-%m-%dT%H:%M:%S+00:00"),
        author = escape(story.author),
        cookies = words.cookies,
        number = story.when("%Y%m%d"),
        first = words.sections[0],
        by = words.by,
        date = story.when(words.date),
        share = words.share,
        figure = picture(story),
        comments = words.comments,
        popular_head = words.popular,
        popular = links(world, popular, "<li>", "</li>"),
        rights = words.rights,
    )
}

fn picture(story: &Story) -> String {
    story.caption.map_or(String::new(), |caption| {
        format!(
            "<div class=\"wp-caption\"><img src=\"/img/{}.jpg\" alt=\"\"><p class=\"wp-caption-text\">{}</p></div>\n",
            story.words(),
            escape(caption)
        )
    })
}
