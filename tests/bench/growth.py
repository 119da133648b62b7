#!/usr/bin/env python3
"""Draws how times, memory and disk grow with what is kept, from what three benches printed over the same indexes. Standard library only.

    cargo bench --bench search -- 1000 10000 100000 1000000 --beside 9 --keep DIR > search.txt
    cargo bench --bench timeline -- DIR/1000 DIR/10000 DIR/100000 DIR/1000000 > timeline.txt
    crawl.py night NEWSWEB ARTICLES BREACHLINE --index DIR/1000 DIR/10000 DIR/100000 DIR/1000000 > night.txt
    growth.py search.txt timeline.txt night.txt [--svg FILE]

Prints the table; --svg draws it. Both axes are logarithmic: what grows as what is kept does rises as the dotted line.
"""
import argparse
import html
import math
import re
import sys

# Shapes of query that are shown, of those that the bench asks.
SHAPES = ["a common word", "two words", "a phrase", "more than a million, since 2020", "all facets of a word", "articles: two words"]

COLOURS = ["#0b6fa4", "#b3541e", "#3d7a3a", "#7b4fa3", "#8a6d00", "#a11d4b"]
WIDTH, HEIGHT, COLUMNS = 420, 250, 2


def number(text, units):
    """Reads "8.1ms", "4.8 s" or "5.6 MB" as a number of the unit whose factor is 1."""
    found = re.match(r"([\d.]+)\s*([a-zµ]+)", text, re.I)
    return float(found[1]) * units[found[2]]


TIMES = {"ns": 1e-6, "µs": 1e-3, "ms": 1.0, "s": 1e3}


def of_search(text):
    """Returns how many articles there are, and the panels of searching: by size, then by what is shown."""
    sizes, panels = [], {}

    def add(panel, line, value):
        panels.setdefault(panel, {}).setdefault(line, []).append(value)

    for block in re.split(r"^== ", text, flags=re.M)[1:]:
        sizes.append(int(re.search(r"in (\d+) articles", block)[1]))
        add("disk, MB", "text", float(re.search(r"articles, ([\d.]+) MB", block)[1]))
        add("disk, MB", "search index", float(re.search(r"^search ([\d.]+) MB", block, re.M)[1]))
        add("disk, MB", "database", float(re.search(r"^kept.db ([\d.]+) MB", block, re.M)[1]))
        add("start, ms", "search: first answer", number(re.search(r"first answer, in (\S+)", block)[1], TIMES))
        for shape in SHAPES:
            row = re.search(rf"^{re.escape(shape)} +([\d.]+) ms +([\d.]+) ms", block, re.M)
            add("search, median, ms", shape, float(row[1]))
            add("search, 99 of 100, ms", shape, float(row[2]))
        night = re.search(r"brought up to date in (\S+), of that the longest commit (\S+)", block)
        add("night, s", "5,000 articles into the index", number(night[1], TIMES) / 1e3)
        add("night, s", "its longest commit", number(night[2], TIMES) / 1e3)
    return sizes, panels


def of_timeline(text, panels):
    for block in re.split(r"^== ", text, flags=re.M)[1:]:
        took = {found[1]: (float(found[2]), float(found[3])) for found in re.finditer(r"^(\D+?) +\d+: p50 +([\d.]+) ms, p99 +([\d.]+) ms", block, re.M)}
        rows = [
            ("start, ms", "timeline: first picture", took["start to first picture"][0]),
            ("start, ms", "timeline: bars above it", took["start to the bars above it"][0]),
            ("timeline, ms", "letter to answer, median", took["letter to answer"][0]),
            ("timeline, ms", "letter to answer, 99 of 100", took["letter to answer"][1]),
            ("timeline, ms", "key to frame, median", took["key to frame"][0]),
            ("timeline, ms", "key to frame, 99 of 100", took["key to frame"][1]),
        ]
        memory = re.search(r"memory: ([\d.]+) MB at the start, ([\d.]+) MB after the hour, ([\d.]+) MB at most", block)
        rows += [("memory, MB", "timeline, after an hour", float(memory[2])), ("memory, MB", "timeline, at most", float(memory[3]))]
        for panel, line, value in rows:
            panels.setdefault(panel, {}).setdefault(line, []).append(value)


def of_nights(text, panels):
    rows = [re.findall(r"[\d.]+", row.split(maxsplit=1)[1]) for row in text.splitlines()[1:]]
    for new, of_new, most, none, of_none, least in (map(float, row) for row in rows):
        told = [
            ("night, s", "ingest, 1,000 new", new),
            ("night, s", "ingest, nothing new", none),
            ("memory, MB", "ingest, 1,000 new", most),
            ("memory, MB", "ingest, nothing new", least),
        ]
        for panel, line, value in told:
            panels.setdefault(panel, {}).setdefault(line, []).append(value)


def table(sizes, panels):
    lines = ["| | " + " | ".join(f"{size:,}" for size in sizes) + " |", "| --- |" + " --- |" * len(sizes)]
    for panel, shown in panels.items():
        what, _, unit = panel.rpartition(", ")
        for line, values in shown.items():
            lines.append(f"| {what}: {line}, {unit} | " + " | ".join(f"{value:,.3g}" if value < 1000 else f"{value:,.0f}" for value in values) + " |")
    return "\n".join(lines)


def panel_of(title, shown, sizes, left, top):
    """Draws one panel: both axes by powers of ten."""
    values = [max(value, 1e-4) for line in shown.values() for value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    x0, x1, y0, y1 = left + 46, left + 236, top + HEIGHT - 30, top + 30
    x = lambda size: x0 + (math.log10(size) - first) / (last - first) * (x1 - x0)
    y = lambda value: y0 - (math.log10(max(value, 1e-4)) - low) / (high - low) * (y0 - y1)
    out = [f'<text x="{left + 8}" y="{top + 18}" class="title">{html.escape(title)}</text>']
    for power in range(low, high + 1):
        out.append(f'<line x1="{x0}" x2="{x1}" y1="{y(10**power):.1f}" y2="{y(10**power):.1f}" class="grid"/>')
        out.append(f'<text x="{x0 - 5}" y="{y(10**power) + 3:.1f}" class="tick" text-anchor="end">{10**power:,g}</text>')
    for size in sizes:
        told = f"{size / 1e6:.0f}M" if size >= 995_000 else f"{size / 1e3:.0f}k"
        out.append(f'<text x="{x(size):.1f}" y="{y0 + 15}" class="tick" text-anchor="middle">{told}</text>')
    # What grows as what is kept does, from the lower left corner.
    most = min(last - first, high - low)
    out.append(f'<line x1="{x0}" y1="{y0}" x2="{x(10 ** (first + most)):.1f}" y2="{y(10 ** (low + most)):.1f}" class="linear"/>')
    ends = sorted((y(line[-1]), name, colour) for (name, line), colour in zip(shown.items(), COLOURS))
    for (name, line), colour in zip(shown.items(), COLOURS):
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, line))
        out.append(f'<polyline points="{points}" stroke="{colour}"/>')
        out.extend(f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="2.5" fill="{colour}"/>' for size, value in zip(sizes, line))
    below = y1 - 12
    for end, name, colour in ends:
        below = max(end, below + 13)
        out.append(f'<text x="{x1 + 8}" y="{below + 3:.1f}" class="name" fill="{colour}">{html.escape(name)}</text>')
    return out


def svg(sizes, panels):
    rows = -(-len(panels) // COLUMNS)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * COLUMNS} {HEIGHT * rows}" font-family="sans-serif" role="img">',
        "<title>Times, memory and disk by the number of articles kept</title>",
        "<style>.title{font-size:13px;font-weight:bold}.tick{font-size:10px;fill:#555}.name{font-size:10px}.grid{stroke:#ddd}"
        ".linear{stroke:#bbb;stroke-dasharray:2 4}polyline{fill:none;stroke-width:1.5}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for at, (title, shown) in enumerate(panels.items()):
        out += panel_of(title, shown, sizes, at % COLUMNS * WIDTH, at // COLUMNS * HEIGHT)
    return "\n".join([*out, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("search")
    parser.add_argument("timeline")
    parser.add_argument("night")
    parser.add_argument("--svg")
    args = parser.parse_args()
    texts = [open(file, encoding="utf-8").read() for file in (args.search, args.timeline, args.night)]
    sizes, panels = of_search(texts[0])
    of_timeline(texts[1], panels)
    of_nights(texts[2], panels)
    short = [line for shown in panels.values() for line, values in shown.items() if len(values) != len(sizes)]
    if short:
        sys.exit(f"the benches ran over other indexes: {', '.join(short)} has not {len(sizes)} values")
    print(table(sizes, panels))
    if args.svg:
        with open(args.svg, "w", encoding="utf-8") as out:
            out.write(svg(sizes, panels))


main()
