//! The sites of the demo's news web: who they are, how they list their stories, how their pages look.

/// A made-up news site.
#[derive(Debug, PartialEq)]
pub struct Site {
    /// What stories call it in their header.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it says of itself.
    pub motto: &'static str,
    /// How it lists its stories.
    pub listing: Listing,
    /// Where that list is.
    pub list_path: &'static str,
    /// Where a story is: `{words}`, `{number}` (the day in digits) and `{date}` (2013/12/19) stand for its own.
    pub path: &'static str,
    /// How its pages look.
    pub look: Look,
    /// ISO 639-1 code of its language.
    pub language: &'static str,
    /// The tags of its source, sorted.
    pub tags: &'static [&'static str],
}

/// How a site lists its stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// RSS 2.0 with summaries; links carry tracking parameters.
    Rss,
    /// RSS 2.0 with the whole text in content:encoded.
    RssFull,
    /// RSS 2.0 of an old system: CDATA everywhere, dates without weekday and zone.
    RssOdd,
    /// RSS 0.91: no dates, no identities.
    Rss091,
    /// RSS 1.0 (RDF) in ISO-8859-1.
    Rdf,
    /// Atom with full addresses.
    Atom,
    /// Atom with relative links and xml:base.
    AtomRelative,
    /// JSON Feed 1.1 with summaries.
    Json,
    /// JSON Feed 1.0 with the whole text.
    JsonFull,
    /// An HTML page that is read without given selectors.
    Page,
    /// An HTML table that is read with given selectors, day included.
    PageTable,
    /// An HTML page that is read with given selectors and shows no days.
    PageUndated,
}

/// How the pages of a site look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Clean semantic HTML with JSON-LD.
    Wire,
    /// Nested `div`s, meta elements, boxes between the paragraphs.
    Trade,
    /// As `Trade`, in German and in ISO-8859-1.
    TradeGerman,
    /// Tables and `<font>`, paragraphs parted by `<br>`, the day only in words.
    Table,
    /// A regional paper: `<time>`, a pull quote, readers' comments.
    Regional,
    /// An office's page: Dublin Core, a table of facts, the text in a plain `div`.
    Official,
    /// A blog: microformats, previous and next, a blog roll.
    Blog,
    /// A paper whose pages hold no day: it is in the address alone.
    Undated,
    /// An application's markup: nameless `div`s, JSON-LD as a graph, a ticker.
    Modern,
}

/// Every site, by key.
pub const SITES: &[Site] = &[
    Site {
        key: "coinmargin",
        name: "Coin Margin",
        motto: "Markets, keys and what became of them",
        listing: Listing::JsonFull,
        list_path: "/api/feed.json",
        path: "/news/{words}",
        look: Look::Modern,
        language: "en",
        tags: &["crypto", "finance", "news"],
    },
    Site {
        key: "courier",
        name: "Harrow Valley Courier",
        motto: "Your valley, every morning",
        listing: Listing::Page,
        list_path: "/local/",
        path: "/local/{words}",
        look: Look::Regional,
        language: "en",
        tags: &["news", "regional", "us"],
    },
    Site {
        key: "ledger",
        name: "Ledger Line",
        motto: "News for banks and shops",
        listing: Listing::RssOdd,
        list_path: "/rss.aspx?channel=all",
        path: "/articles/{words}",
        look: Look::Trade,
        language: "en",
        tags: &["finance", "news", "retail"],
    },
    Site {
        key: "lowtide",
        name: "Low Tide",
        motto: "What shows when the water is out. A blog by Ines Calloway",
        listing: Listing::Json,
        list_path: "/feed.json",
        path: "/{date}/{words}/",
        look: Look::Blog,
        language: "en",
        tags: &["blog", "int"],
    },
    Site {
        key: "netzblatt",
        name: "Netzblatt",
        motto: "Nachrichten aus Netz und Rechenzentrum",
        listing: Listing::Rdf,
        list_path: "/newsticker/news.rdf",
        path: "/newsticker/meldung/{words}-{number}.html",
        look: Look::TradeGerman,
        language: "de",
        tags: &["de", "eu", "news"],
    },
    Site {
        key: "notices",
        name: "Register of Breach Notices",
        motto: "Office of Consumer Protection",
        listing: Listing::PageTable,
        list_path: "/notices/index.html",
        path: "/notices/{number}/{words}.html",
        look: Look::Official,
        language: "en",
        tags: &["breach-list", "government", "us"],
    },
    Site {
        key: "patchbay",
        name: "Patchbay",
        motto: "The trade paper of people who keep systems up",
        listing: Listing::AtomRelative,
        list_path: "/atom.xml",
        path: "/news/{date}/{words}",
        look: Look::Trade,
        language: "en",
        tags: &["int", "news"],
    },
    Site {
        key: "savepoint",
        name: "Save Point",
        motto: "Games, and nothing but games",
        listing: Listing::Rss091,
        list_path: "/backend.php",
        path: "/story.php?id={number}&page=1",
        look: Look::Table,
        language: "en",
        tags: &["games", "news"],
    },
    Site {
        key: "standard",
        name: "Northgate Standard",
        motto: "Established 1871",
        listing: Listing::PageUndated,
        list_path: "/technology",
        path: "/{date}/{words}.html",
        look: Look::Undated,
        language: "en",
        tags: &["news", "regional", "uk"],
    },
    Site {
        key: "tally",
        name: "The Weekly Tally",
        motto: "Every Friday or so: who lost what",
        listing: Listing::RssFull,
        list_path: "/feed/",
        path: "/issues/{words}/",
        look: Look::Blog,
        language: "en",
        tags: &["blog", "breach-list"],
    },
    Site {
        key: "wardround",
        name: "Ward Round",
        motto: "Health systems, from the inside",
        listing: Listing::Atom,
        list_path: "/feeds/all.atom",
        path: "/stories/{words}",
        look: Look::Modern,
        language: "en",
        tags: &["health", "news", "us"],
    },
    Site {
        key: "wire",
        name: "Meridian Wire",
        motto: "Reported first, and right",
        listing: Listing::Rss,
        list_path: "/rss/top.xml",
        path: "/article/{words}-{number}",
        look: Look::Wire,
        language: "en",
        tags: &["int", "news", "wire"],
    },
];
