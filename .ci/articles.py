#!/usr/bin/env python3
"""Joins our annotations of articles with the articles' texts, as lines that `breachline learn` reads. Standard library only.

    articles.py SHARED_FOLDER LABELS.jsonl > articles.jsonl

The texts belong to others and are not kept here: SHARED_FOLDER holds them as news/ID.txt and casie/source/ID.txt. LABELS.jsonl (which is
tests/data/learn/articles.jsonl) says of each, by "news/ID" or "casie/ID", which incidents it tells of, in the layout of the gold. A
label whose text is not there is left out.
"""
import json
import re
import sys
from pathlib import Path


def read(file):
    """Returns title, day and text of an article."""
    source = file.read_text(encoding="utf-8")
    title = re.search(r"<title[^>]*>(.*?)(</title>|<source>)", source, re.S)
    day = re.search(r"<date>\s*(\d{4})_(\d\d)_(\d\d)", source)
    text = re.search(r"<text>(.*?)(</text>|$)", source, re.S)
    return title.group(1).strip(), "-".join(day.groups()), text.group(1).strip()


def main():
    folder, labels = Path(sys.argv[1]), Path(sys.argv[2])
    for label in map(json.loads, labels.open(encoding="utf-8")):
        kind, number = label["doc"].split("/")
        file = folder / kind / ("source" if kind == "casie" else "") / f"{number}.txt"
        if file.is_file():
            title, day, text = read(file)
            print(json.dumps({"doc": label["doc"], "title": title, "published": day, "text": text, "incidents": label["incidents"]}))


main()
