//! RSS in its dialects: 2.0 in three hands, 0.91, and 1.0 (RDF).

use crate::demo::markup::{body, cdata, escape, nothing};
use crate::demo::sites::Site;
use crate::demo::story::Story;
use crate::demo::world::World;

const RFC_822: &str = "%a, %d %b %Y %H:%M:%S GMT";

fn channel(world: &World, site: &Site, more: &str) -> String {
    format!(
        "<title>{}</title>\n<link>{}/</link>\n<description>{}</description>\n<language>{}</language>\n{more}",
        escape(site.name),
        escape(world.base(site)),
        escape(site.motto),
        site.language
    )
}

/// RSS 2.0 as most sites write it: summaries, and links that say where the reader came from.
pub(super) fn summaries(world: &World, site: &Site, stories: &[&Story]) -> String {
    let own = format!("{}{}", world.base(site), site.list_path);
    let more = format!(
        "<atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\"/>\n<ttl>15</ttl>\n\
         <image><url>{}/logo.png</url><title>{1}</title><link>{}/</link></image>\n",
        escape(&own),
        escape(site.name),
        escape(world.base(site))
    );
    let items: String = stories
        .iter()
        .map(|story| {
            let address = escape(&world.address(story));
            format!(
                "<item>\n<title>{}</title>\n<link>{address}?utm_source=rss&amp;utm_medium=feed</link>\n\
                 <guid isPermaLink=\"true\">{address}</guid>\n<pubDate>{}</pubDate>\n<category>Technology</category>\n\
                 <description>{}</description>\n</item>\n",
                escape(story.title),
                story.when(RFC_822),
                escape(story.teaser())
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n\
         <channel>\n{}{items}</channel>\n</rss>\n",
        channel(world, site, &more)
    )
}

/// RSS 2.0 as blogging software writes it: the whole text in content:encoded.
pub(super) fn full(world: &World, site: &Site, stories: &[&Story]) -> String {
    let items: String = stories
        .iter()
        .map(|story| {
            format!(
                "<item>\n<title>{}</title>\n<link>{}</link>\n<dc:creator>{}</dc:creator>\n<pubDate>{}</pubDate>\n\
                 <guid isPermaLink=\"false\">{}/?p={}</guid>\n<description>{} [&#8230;]</description>\n\
                 <content:encoded>{}</content:encoded>\n<slash:comments>0</slash:comments>\n</item>\n",
                escape(story.title),
                escape(&world.address(story)),
                cdata(story.author),
                story.when("%a, %d %b %Y %H:%M:%S +0000"),
                escape(world.base(site)),
                story.when("%Y%m%d"),
                escape(story.teaser()),
                cdata(&body(story, "", nothing))
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\">\n\
         <channel>\n{}{items}</channel>\n</rss>\n",
        channel(world, site, "<generator>Penwright 6.2</generator>\n")
    )
}

/// RSS 2.0 of an old publishing system: white space, CDATA, links with the site's own parameter, dates without weekday and zone.
pub(super) fn odd(world: &World, site: &Site, stories: &[&Story]) -> String {
    let items: String = stories
        .iter()
        .map(|story| {
            format!(
                "  <item>\n    <title>\n      {}\n    </title>\n    <link>\n      {}\n    </link>\n    <description>{}</description>\n    \
                 <author>desk@ledger-line.example ({})</author>\n    <pubDate>{}</pubDate>\n  </item>\n",
                cdata(story.title),
                escape(&world.address(story)),
                cdata(&format!(
                    "<img src=\"/thumb/{}.jpg\" align=\"left\" alt=\"\"><p>{}</p>",
                    story.words(),
                    escape(story.teaser())
                )),
                escape(story.author),
                story.when("%d %b %Y %H:%M:%S"),
            )
        })
        .collect();
    format!("\n<rss version=\"2.0\">\n<channel>\n{}{items}</channel>\n</rss>\n", channel(world, site, "")).trim_start().to_owned()
}

/// RSS 0.91: titles, links and descriptions, nothing else.
pub(super) fn plain(world: &World, site: &Site, stories: &[&Story]) -> String {
    let items: String = stories
        .iter()
        .map(|story| {
            format!(
                "<item>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n</item>\n",
                escape(story.title),
                escape(&world.address(story)),
                escape(story.teaser())
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \
         \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">\n<rss version=\"0.91\">\n<channel>\n{}{items}</channel>\n</rss>\n",
        channel(world, site, "")
    )
}

/// RSS 1.0: items stand beside the channel, days are Dublin Core. To be sent as ISO-8859-1.
pub(super) fn rdf(world: &World, site: &Site, stories: &[&Story]) -> String {
    let places: String =
        stories.iter().map(|story| format!("<rdf:li rdf:resource=\"{}\"/>\n", escape(&world.address(story)))).collect();
    let items: String = stories
        .iter()
        .map(|story| {
            let address = escape(&world.address(story));
            format!(
                "<item rdf:about=\"{address}\">\n<title>{}</title>\n<link>{address}</link>\n<description>{}</description>\n\
                 <dc:creator>{}</dc:creator>\n<dc:date>{}</dc:date>\n</item>\n",
                escape(story.title),
                escape(story.teaser()),
                escape(story.author),
                story.when("%Y-%m-%dT%H:%M:%S+02:00")
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"{0}/\">\n\
         <title>{1}</title>\n<link>{0}/</link>\n<description>{2}</description>\n<items><rdf:Seq>\n{places}</rdf:Seq></items>\n\
         </channel>\n{items}</rdf:RDF>\n",
        escape(world.base(site)),
        escape(site.name),
        escape(site.motto)
    )
}
