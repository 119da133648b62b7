#!/usr/bin/env python3
"""Holds what extraction reaches on a gold against its floors. Standard library only.

    score.py GOLD_FOLDER FLOORS.json BREACHLINE [raise]

GOLD_FOLDER holds score.py, link.py and the gold files. FLOORS.json keeps, by name, the gold file, its digest and the least of each figure. Where an
entry has "learned_from", documents are extracted with weights learned without them, from parts of those files: what counts, since the
weights that are shipped have seen the gold. That is done several times, with other parts and other trees, and the mean is what counts.
Where it has "links", it is scored which reports are merged: those of the gold itself ("gold"), or those that are extracted ("extracted").
A figure below its floor fails. A gold file that has changed is said, and not failed: its floors are those of another file.
With "raise", floors rise to what was reached where that is more than chance (and are set anew where the gold has changed); they never fall
by themselves.
"""
import functools
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Annotated articles besides the gold; weights are learned from them, too.
LABELS = Path(__file__).parents[1] / "tests/data/learn/articles.jsonl"

# Figures are kept and compared to this many places; the last one is left to chance.
PLACES = 3

# How often weights are learned, from other parts and with other trees each time: one draw differs from the next by more than most changes
# do. Each takes half a minute.
DRAWS = 3

# How far the mean of so many draws lies from that of other draws by chance, about twice its standard error: of the mean of all fields, and
# of one field; of links between reports, of which there are few. A change that only puts features in another order is another draw.
CHANCE = {"mean_f1": 0.004, "pairwise F1": 0.025}
CHANCE_OF_ONE = 0.012


def figures(score, gold, predicted):
    """Runs the scorer; returns its figures as a flat table of numbers between 0 and 1."""
    out = subprocess.run([sys.executable, score, gold, predicted, "--json"], check=True, capture_output=True, text=True).stdout
    flat = {}

    def walk(name, value):
        if isinstance(value, dict):
            for key, inner in sorted(value.items()):
                walk(f"{name}.{key}" if name else key, inner)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            flat[name] = round(float(value), PLACES)
        elif isinstance(value, str) and (parts := value.split("/"))[1:] and all(part.isdigit() for part in parts) and parts[1] != "0":
            flat[name] = round(int(parts[0]) / int(parts[1]), PLACES)

    walk("", json.loads(out))
    return flat


def links(program, place, folder, gold, reports):
    """Merges reports and runs the scorer of links; returns its figures, "pairwise precision", "b-cubed F1 (told more than once)" and so on."""
    told, linked = Path(place) / "told.jsonl", Path(place) / "links.jsonl"
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    articles = {line["doc"]: {key: line[key] for key in ("doc", "url", "title", "published")} for line in lines}
    with told.open("w", encoding="utf-8") as out:
        for line in map(json.loads, reports.read_text(encoding="utf-8").splitlines()):
            incidents = [{key: value for key, value in incident.items() if key != "event"} for incident in line["incidents"]]
            if line["doc"] in articles:
                out.write(json.dumps(articles[line["doc"]] | {"incidents": incidents}) + "\n")
    with told.open("rb") as lines, linked.open("wb") as out:
        subprocess.run([program, "merge", "--batch"], stdin=lines, stdout=out, check=True, timeout=600)
    own = [] if reports == gold else ["--reports", reports]
    out = subprocess.run([sys.executable, folder / "link.py", gold, linked, *own], check=True, capture_output=True, text=True).stdout
    flat = {}
    for line in out.splitlines():
        if found := re.match(r"(pairwise|b-cubed) +precision ([\d.]+) +recall ([\d.]+) +F1 ([\d.]+) +\((all|told more than once)?", line):
            of = f" ({found[5]})" if found[5] else ""
            flat |= {f"{found[1]} {what}{of}": float(found[at]) for at, what in ((2, "precision"), (3, "recall"), (4, "F1"))}
    return flat


def run_into(file, script, *arguments):
    """Runs a script that stands beside this one, and keeps what it prints."""
    command = [sys.executable, Path(__file__).with_name(script), *arguments]
    file.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)


@functools.cache
def held_back(program, folder, learned_from):
    """Returns what is extracted from the documents of some files with weights learned without each: for each draw, its lines."""
    with tempfile.TemporaryDirectory() as place:
        files = []
        for name in learned_from:
            file = folder / name
            if file.is_dir():
                file = Path(place) / f"{file.name}.jsonl"
                run_into(file, "casie.py", folder / name, folder / learned_from[0], LABELS)
            files.append(file)
        articles = Path(place) / "articles.jsonl"
        run_into(articles, "articles.py", folder.parent, LABELS)
        files.insert(len(files) - 1, articles)
        command = [program, "learn", "--held-back", "events", "--draws", str(DRAWS), *files]
        out = subprocess.run(command, check=True, capture_output=True, timeout=900).stdout
    lines = out.splitlines(keepends=True)
    return [b"".join(line for line in lines if json.loads(line)["draw"] == draw) for draw in range(DRAWS)]


def reached(program, folder, kept):
    """Returns the figures that are reached for one entry of the floors, draw by draw where weights are learned on the spot, else once."""
    gold = folder / kept["file"]
    with tempfile.TemporaryDirectory() as place:
        predicted = Path(place) / "predicted.jsonl"

        def scored(lines):
            predicted.write_bytes(lines)
            if "links" in kept:
                return links(program, place, folder, gold, gold if kept["links"] == "gold" else predicted)
            return figures(folder / "score.py", gold, predicted)

        if learned_from := kept.get("learned_from"):
            return [scored(lines) for lines in held_back(program, folder, tuple(learned_from))]
        if kept.get("links") == "gold":
            return [scored(b"")]
        with gold.open("rb") as lines:
            return [scored(subprocess.run([program, "extract", "--batch"], stdin=lines, check=True, capture_output=True, timeout=600).stdout)]


def main():
    folder, floors_file, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    rise = "raise" in sys.argv[4:]
    floors = json.loads(floors_file.read_text(encoding="utf-8"))
    worse = []
    for name, kept in sorted(floors.items()):
        gold = folder / kept["file"]
        if not gold.is_file():
            print(f"{name}: {gold} is not there, not scored")
            continue
        digest = hashlib.sha256(gold.read_bytes()).hexdigest()
        began = time.monotonic()
        draws = reached(program, folder, kept)
        seconds = time.monotonic() - began
        changed = digest != kept.get("gold")
        print(f"{name}: {seconds:.1f} s" + (" (the gold has changed since its floors were set: they are only shown)" if changed else ""))
        for figure in kept["watched"]:
            told = [draw[figure] for draw in draws if figure in draw]
            if not told:
                sys.exit(f"{name}: the scorer says nothing of {figure}; it knows {', '.join(draws[0])}")
            floor, now = kept["floors"].get(figure, 0.0), round(sum(told) / len(told), PLACES)
            chance = 0 if kept.get("links") == "gold" else CHANCE.get(figure, CHANCE_OF_ONE)
            mark = "below its floor" if now < floor else "above its floor" if now > floor else ""
            drawn = f"drawn {min(told):.{PLACES}f} to {max(told):.{PLACES}f}  " if told[1:] else ""
            print(f"    {figure:<32} {now:.{PLACES}f}  floor {floor:.{PLACES}f}  {drawn}{mark}".rstrip())
            if now < floor - chance and not changed:
                worse.append(f"{name}: {figure} is {now:.{PLACES}f}, its floor is {floor:.{PLACES}f}")
            if rise and (changed or now > floor + chance):
                kept["floors"][figure] = now
        if rise:
            kept["gold"] = digest
    if rise and not worse:
        floors_file.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        print(f"floors written to {floors_file}")
    for line in worse:
        print(line, file=sys.stderr)
    sys.exit(1 if worse else 0)


main()
