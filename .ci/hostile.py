#!/usr/bin/env python3
"""Ingests everything that a misbehaving web server can think of, in one run, and checks what came of it.

    .ci/hostile.py SERVER BREACHLINE [--show]

SERVER is a hostile.py that tells its cases at /index.json, each with the outcomes that are right. All of them are asked in one ingest: feeds,
redirects and robots.txt origins as sources, articles by way of the feed that names them. Checked are the outcome of each, that nothing was
asked that must not be, that no text that must not be there is in the store, the index, the screen, the exports or the messages, that memory
and time are bounded, and that a second run adds nothing twice. Pages are kept as they came, byte by byte, and never shown: they are the one
place where such text may be.
"""
import json
import os
import pathlib
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

# How long one request may take, and the whole run, in seconds; the most memory, in MB.
TIMEOUT, WHOLE, MEMORY = 6, 150, 700
# Cases whose second answer brings more, by design.
GROWING = {"/items/rolling", "/cond/304-then-new", "/cond/etag-changes", "/status/500-then-ok", "/items/guid-changes", "/feed/articles"}

# Cases with another number of items than they tell: four come with the second answer; two or three, by their own note.
COUNTED_LATER = {"/cond/304-then-new", "/items/dup-guid"}


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def serve(server, folder):
    ready = folder / "ready"
    command = [sys.executable, server, "--port", "0", "--lifetime", "600", "--agent", "breachline",
               "--log", str(folder / "server.log"), "--ready-file", str(ready)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not ready.exists():
        if process.poll() is not None:
            sys.exit(f"{server} did not start")
        time.sleep(0.05)
    return process, json.loads(ready.read_text())


def configure(cases, ports, folder):
    allow = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    lines = ["[settings]", f'pause = "0s"\nper_host = 32\nat_once = 32\ntimeout = "{TIMEOUT}s"\nallow = [{allow}]']
    for case in cases:
        if case["kind"] == "article":
            continue
        kind = "page" if case["kind"] == "html-source" else "feed"
        lines.append(f'[[source]]\nname = "{case["path"]}"\nurl = "{case["url"]}"\nkind = "{kind}"')
    (folder / "sources.toml").write_text("\n".join(lines) + "\n")


class Program:
    """The program in a folder of its own, and everything that it ever said."""

    def __init__(self, program, folder):
        self.program, self.folder, self.said = program, folder, []

    def run(self, *args, limit=WHOLE):
        command = [self.program, "--config", str(self.folder / "sources.toml"), "--index", str(self.folder / "index"), *args]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TZ": "UTC"}
        ran = subprocess.run(command, capture_output=True, timeout=limit, env=environment, cwd=self.folder, check=False)
        self.said.append((" ".join(args), ran.stdout.decode(errors="replace") + ran.stderr.decode(errors="replace")))
        return ran

    def ingest(self, *args):
        began = time.monotonic()
        ran = self.run("ingest", "--json", *args)
        if ran.returncode not in (0, 3):
            sys.exit(f"the ingest ended with {ran.returncode}: {ran.stderr.decode(errors='replace')}")
        return json.loads(ran.stdout.decode().splitlines()[-1]), time.monotonic() - began


# What is kept as the network gave it, and never printed; and a gist, which is packed numbers without any text.
RAW = [("pages", "bytes_z"), ("versions", "bytes_z"), ("robots", "text_z"), ("victim_keys", "gist")]


def stored(folder):
    """Every text of the store but the bytes of pages and of robots.txt as they came, each with where it stands."""
    database = sqlite3.connect(f"file:{folder}/index/kept.db?mode=ro", uri=True)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        rows = database.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in rows.description]
        for row in rows:
            for name, value in zip(names, row):
                if (table, name) in RAW:
                    continue
                if isinstance(value, bytes):
                    value = zlib.decompress(value).decode()
                if isinstance(value, str):
                    yield f"{table}.{name}", value
                    if value[:1] in "[{\"":
                        try:
                            yield from ((f"{table}.{name}", text) for text in strings(json.loads(value)))
                        except ValueError:
                            pass


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from strings(part)


def said(program):
    for args, text in program.said:
        yield args, text
        for line in text.splitlines():
            if line.startswith("{"):
                try:
                    yield from ((args, part) for part in strings(json.loads(line)))
                except ValueError:
                    pass


def articles(folder, base):
    """What became of each article case: its class."""
    database = sqlite3.connect(f"file:{folder}/index/kept.db?mode=ro", uri=True)
    query = """SELECT addresses.url, items.page, items.failure, articles.outcome
               FROM addresses JOIN items USING (article) LEFT JOIN articles USING (article)"""
    became = {}
    for url, page, failure, outcome in database.execute(query):
        path = url.removeprefix(base)
        if outcome in ("extracted", "kept"):
            became[path] = ("ok", "")
        elif failure and failure.startswith("not asked"):
            became[path] = ("blocked", failure)
        else:
            became[path] = ("item-skipped", failure or outcome or page)
    return became


def stored_items(folder):
    database = sqlite3.connect(f"file:{folder}/index/kept.db?mode=ro", uri=True)
    return dict(database.execute("SELECT source, count(*) FROM items GROUP BY source"))


def judge_classes(cases, summary, became, wrong, show):
    outcomes = {line["name"]: line for line in summary["sources"]}
    for case in cases:
        path = case["path"]
        if case["kind"] == "article":
            outcome, reason = became.get(path, ("missing", "it is not in the store"))
        else:
            line = outcomes[path]
            outcome, reason = line["outcome"], line["reason"]
        if show:
            print(f"{outcome:14} {path:34} {reason or ''}")
        if outcome not in [case["expect"], *case.get("accept", [])]:
            wrong.append(f"{path}: {outcome}, where {case['expect']} is right: {reason}")
        wanted = case.get("items")
        # Every item of a robots.txt origin or a feed that is all right is there; some are kept in fewer by other outcomes.
        if wanted is not None and outcome == "ok" == case["expect"] and case["kind"] != "article" and path not in COUNTED_LATER \
                and line["items"] != wanted:
            wrong.append(f"{path}: {line['items']} items, where {wanted} are right: {reason}")


def ask_the_late_again(cases, summary, program):
    """Asks by itself what was late and should not have been: the server is one process, and all sources ask it at once."""
    right = {case["path"]: [case["expect"], *case.get("accept", [])] for case in cases if case["kind"] != "article"}
    for at, line in enumerate(summary["sources"]):
        if line["outcome"] not in right[line["name"]] and "took longer than" in (line["reason"] or ""):
            alone, _ = program.ingest("--only", line["name"])
            summary["sources"][at] = alone["sources"][0]


def judge_texts(cases, texts, wrong):
    forbidden = {text: case["path"] for case in cases for text in case.get("must_not", [])}
    found = set()
    for place, text in texts:
        for words, path in forbidden.items():
            if words in text and (place, path) not in found:
                found.add((place, path))
                wrong.append(f"{words[:40]!r} of {path} stands in {place}")


def main():
    server, binary, show = sys.argv[1], os.path.abspath(sys.argv[2]), "--show" in sys.argv
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hostile-"))
    process, ready = serve(server, folder)
    try:
        wrong = check(ready, folder, Program(binary, folder), show)
    finally:
        process.terminate()
        process.wait()
    for line in wrong:
        print("wrong:", line)
    if not wrong:
        subprocess.run(["rm", "-r", str(folder)], check=True)
    sys.exit(1 if wrong else 0)


def check(ready, folder, program, show):
    wrong = []
    base = ready["base"]
    index = get(base + "/index.json")
    cases = index["cases"]
    configure(cases, [ready["port"], *ready["robots"].values()], folder)
    summary, took = program.ingest()
    ask_the_late_again(cases, summary, program)
    judge_classes(cases, summary, articles(folder, base), wrong, show)
    before = stored_items(folder)

    again, took_again = program.ingest()
    for source, count in stored_items(folder).items():
        name = next((line["name"] for line in again["sources"] if re.sub(r"[^a-z0-9]+", "-", line["name"]).strip("-") == source), source)
        if count != before.get(source) and name not in GROWING:
            wrong.append(f"{name}: {before.get(source)} items, and {count} after a second run")
    for args in (["search", "--json", "--limit", "1000", ""], ["search", "--articles", "--json", "--limit", "20000", "a*"],
                 ["search", "--articles", "--limit", "20000", "a*"], ["sources"], ["sources", "--json"], ["sources", "export", "--opml"],
                 ["edits", "export"], ["ingest"]):
        program.run(*args)
    judge_texts(cases, [*stored(folder), *said(program)], wrong)
    for place, text in said(program):
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
            wrong.append(f"a character that steers a terminal stands in {place}")
    for pattern in ("CANARYTOKEN", "root:x:0"):
        for file in (folder / "index").rglob("*"):
            if file.is_file() and pattern.encode() in file.read_bytes():
                wrong.append(f"{pattern} stands in {file.name}")
    canary = get(base + "/control/canary.json")
    if canary.get("hits"):
        wrong.append(f"the canary was asked: {canary}")
    if os.path.exists("/tmp/hostile-pwned"):
        wrong.append("/tmp/hostile-pwned was made")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for name, value, most in (("memory", memory, MEMORY), ("the first run", took, WHOLE), ("the second run", took_again, WHOLE)):
        if value > most:
            wrong.append(f"{name}: {value:.0f}, at most {most} is right")
    print(f"{len(cases)} cases, {len(wrong)} wrong; canary {canary.get('hits')}; {took:.0f} s and {took_again:.0f} s, {memory:.0f} MB")
    return wrong


if __name__ == "__main__":
    main()
