"""Lets feedparser read a feed, and holds it to what RFC 4287 wants of every feed and entry."""
import re
import sys

import feedparser

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def main(path, count):
    feed = feedparser.parse(open(path, "rb").read())
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10", feed.version
    assert feed.feed.id and feed.feed.title and MOMENT.fullmatch(feed.feed.updated)
    assert len(feed.entries) == count, len(feed.entries)
    assert len({entry.id for entry in feed.entries}) == count
    for entry in feed.entries:
        assert entry.id.startswith("urn:uuid:") and entry.title and entry.authors
        assert MOMENT.fullmatch(entry.updated) and MOMENT.fullmatch(entry.published)
        assert all(link.href.startswith(("http://", "https://")) for link in entry.get("links", []))
    order = [entry.updated for entry in feed.entries]
    assert order == sorted(order, reverse=True)
    print(f"feedparser {feedparser.__version__}: {feed.version}, {count} entries, no fault")


main(sys.argv[1], int(sys.argv[2]))
