#!/usr/bin/env python3
"""Turns the annotated news articles of CASIE into lines that `breachline learn` reads. Standard library only.

    casie.py CASIE_FOLDER KNOWN.jsonl... > casie.jsonl

CASIE (Satyapanich, Ferraro, Finin, AAAI 2020) marks in 1,000 articles the events, and the words for their victims. Of an article,
the victims of attacks that happened are known here, where a name and not only a description stands for them; nothing else is
("scored"). Articles that a KNOWN.jsonl holds as well, as "casie-ID" or "casie/ID", are left out: the gold, and our own annotations.
"""
import json
import re
import sys
from pathlib import Path

# Words that begin a sentence and name nobody.
NO_NAMES = set("businesses companies customers he i individuals it organizations people she they users victims we you".split())


def names(annotation):
    """Returns the names of the victims of attacks that happened, each once, the shortest first."""
    found = set()
    for group in (annotation.get("cyberevent") or {}).get("hopper", []):
        for event in group["events"]:
            if event["type"] != "Attack" or event.get("realis") != "Actual":
                continue
            for argument in event.get("argument", []):
                name = re.sub(r"^(the|a|an) |['’]s$", "", argument["text"].strip(), flags=re.IGNORECASE)
                if argument["role"]["type"] == "Victim" and re.match("[A-Z0-9]", name) and len(name) < 60:
                    if name.split()[0].lower() not in NO_NAMES:
                        found.add(name)
    return sorted(found, key=lambda name: (len(name), name))


def main():
    folder = Path(sys.argv[1])
    known = {json.loads(line)["doc"].replace("/", "-") for file in sys.argv[2:] for line in Path(file).open(encoding="utf-8")}
    for file in sorted(folder.glob("annotation/*.json")):
        source = (folder / "source" / f"{file.stem}.txt").read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", source, re.S)
        day = re.search(r"<date>\s*(\d{4})_(\d\d)_(\d\d)", source)
        text = re.search(r"<text>(.*?)(</text>|$)", source, re.S)
        if f"casie-{file.stem}" in known or not (title and day and text):
            continue
        victims = names(json.loads(file.read_text(encoding="utf-8")))
        print(json.dumps({
            "doc": f"casie-{file.stem}",
            "title": title.group(1).strip(),
            "published": "-".join(day.groups()),
            "text": text.group(1).strip(),
            "incidents": [{"victim": {"name": name, "aliases": []}} for name in victims],
            "scored": ["victim"],
        }))


main()
