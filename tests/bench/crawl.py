#!/usr/bin/env python3
"""The crawl against what one would otherwise use, on the same small news web in one run.

    crawl.py pages NEWSWEB ARTICLES BREACHLINE [--rounds 3]
    crawl.py refresh NEWSWEB ARTICLES BREACHLINE [--rounds 3]
    crawl.py night NEWSWEB ARTICLES BREACHLINE --index INDEX...

NEWSWEB is a program that serves ARTICLES as a small news web (newsweb.py).

pages: pages per second from fetch to search, against a script of an evening: feedparser, trafilatura, sqlite3, 16 threads that fetch.
1,000 articles of 80 KB over 40 hosts, each into an empty store. breachline runs as a user runs it, incidents found and merged. Prints
the median of pages per second, by the clock and by the processor time that each used. Needs feedparser and trafilatura.

refresh: how long it takes to find out that 200 feeds of 100 items, 50 ms away, have not changed, against `newsboat -x reload`.

night: what a night of 1,000 new articles takes over each index, and one on which nothing is new, with the peak of memory. The articles
stay in the indexes, which are those that `cargo bench --bench search -- --keep` leaves, or others that are no loss.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.parse
import urllib.request

PORT = 8895


class Web:
    """A news web on a port of its own, ended with the block."""

    def __init__(self, args, folder, port, *flags):
        self.file = folder / f"sites-{port}.toml"
        self.port = port
        command = [sys.executable, args.newsweb, args.articles, "--port", str(port), "--repeat", "4", "--lifetime", "3600"]
        self.command = [*command, "--write-sources", str(self.file), *map(str, flags)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.1.1:{self.port}/stats.json", timeout=5).close()
                return tomllib.loads(self.file.read_text())["source"]
            except OSError:
                if self.process.poll() is not None:
                    sys.exit("the news web did not start")
                time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()


def configure(folder, sources, settings):
    blocks = "".join(f'[[source]]\nname = "{s["name"]}"\nurl = "{s["url"]}"\nkind = "{s["kind"]}"\n' for s in sources)
    (folder / "sources.toml").write_text(f'[settings]\nallow = ["127.0.1.0/24"]\n{settings}{blocks}')


def used():
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def run(command, folder):
    """Runs a command; returns the seconds, those of a processor, and the most memory that it had, in MB."""
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)
        _, status, spent = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            said.seek(0)
            sys.exit(said.read().decode())
    return time.monotonic() - began, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024


def timed(command, folder):
    before, began = used(), time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if ran.returncode not in (0, 3):
        sys.exit(ran.stderr)
    return time.monotonic() - began, used() - before


def by_script(sources, database):
    """What pages are measured against, in a process of its own."""
    import feedparser
    import trafilatura

    def fetch(url):
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()

    store = sqlite3.connect(database)
    store.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, published TEXT, text TEXT)")
    pool = concurrent.futures.ThreadPoolExecutor(16)
    listed = []
    for source in tomllib.loads(pathlib.Path(sources).read_text())["source"]:
        body = fetch(source["url"])
        if source["kind"] == "page":
            links = re.findall(r'class="story"><h2><a href="([^"]+)"', body.decode())
            listed += [(urllib.parse.urljoin(source["url"], link), None) for link in links]
        elif source["url"].endswith(".json"):
            listed += [(item["url"], item["date_published"]) for item in json.loads(body)["items"]]
        else:
            listed += [(entry.link, entry.get("published")) for entry in feedparser.parse(body).entries]
    for (url, published), page in zip(listed, pool.map(lambda item: fetch(item[0]), listed)):
        found = trafilatura.bare_extraction(page.decode(), url=url, with_metadata=True)
        if found:
            store.execute("INSERT OR IGNORE INTO articles VALUES (?, ?, ?, ?)", (url, found.title, published or found.date, found.text))
            store.commit()
    print(store.execute("SELECT count(*) FROM articles").fetchone()[0])


def pages(args, folder):
    sites, per_site = 40, 25
    rounds = {"breachline": [], "script": []}
    with Web(args, folder, PORT, "--sites", sites, "--per-site", per_site, "--page-kb", 80) as sources:
        configure(folder, sources, 'pause = "0s"\nat_once = 32\n')
        for n in range(args.rounds):
            ours = [args.breachline, "--config", "sources.toml", "--index", f"index-{n}", "ingest"]
            rounds["breachline"].append(timed(ours, folder))
            script = [sys.executable, os.path.abspath(__file__), "--script", "sources.toml", f"script-{n}.db"]
            rounds["script"].append(timed(script, folder))
    rates = {}
    for name, taken in rounds.items():
        rates[name] = [statistics.median(sites * per_site / part for part in parts) for parts in zip(*taken)]
        print(f"{name:10} {rates[name][0]:7.0f} pages/s  {rates[name][1]:7.0f} pages per second of processor time")
    print("ratio      {:7.1f}          {:7.1f}".format(*(one / other for one, other in zip(*rates.values()))))


def refresh(args, folder):
    flags = ("--sites", 200, "--per-site", 100, "--page-kb", 4, "--latency-ms", 50)
    # Of each web every second site has RSS or Atom, which both programs read.
    with Web(args, folder, PORT, *flags) as one, Web(args, folder, PORT + 1, *flags) as other:
        both = [dict(s, name=f"{s['name']} of {web}") for web, sources in (("one", one), ("the other", other)) for s in sources]
        feeds = [s for s in both if s["url"].endswith(".xml")]
        configure(folder, feeds, 'pause = "0s"\nat_once = 16\nper_host = 4\n')
        (folder / "urls").write_text("\n".join(s["url"] for s in feeds))
        ingest = [args.breachline, "--config", "sources.toml", "--index", "index", "ingest", "--all"]
        print(f"{len(feeds)} feeds; the first ingest takes {timed(ingest, folder)[0]:.0f} s")
        (folder / "config-1").write_text("")
        (folder / "config-16").write_text("reload-threads 16\n")
        ways = {"breachline": ingest}
        for threads in (1, 16):
            newsboat = ["newsboat", "-C", f"config-{threads}", "-u", "urls", "-c", f"cache-{threads}.db", "-x", "reload"]
            timed(newsboat, folder)
            ways[f"newsboat, {threads} thread{'s' if threads > 1 else ''}"] = newsboat
        taken = {name: [] for name in ways}
        for _ in range(args.rounds):
            for name, command in ways.items():
                taken[name].append(timed(command, folder))
    for name, rounds in taken.items():
        print(f"{name:20} {statistics.median(clock for clock, _ in rounds):6.2f} s, {statistics.median(core for _, core in rounds):6.2f} s of processor time")


def night(args, folder):
    print(f"{'index':40} {'1,000 new':>10} {'processor':>10} {'MB':>6} {'none new':>10} {'processor':>10} {'MB':>6}")
    for n, index in enumerate(args.index):
        # Of two webs the second counts: the first run over an index takes the steps that its layout and the program's rules need, once.
        for port in (PORT + 2 * n, PORT + 2 * n + 1):
            with Web(args, folder, port, "--sites", 40, "--per-site", 25, "--page-kb", 4) as sources:
                configure(folder, sources, 'pause = "0s"\nat_once = 32\n')
                command = [args.breachline, "--config", "sources.toml", "--index", index, "ingest", "--all"]
                (new, of_new, most), (none, of_none, least) = (run(command, folder) for _ in range(2))
        print(f"{index:40} {new:8.2f} s {of_new:8.2f} s {most:6.0f} {none:8.2f} s {of_none:8.2f} s {least:6.0f}", flush=True)


def main():
    if sys.argv[1:2] == ["--script"]:
        return by_script(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pages", "refresh", "night"])
    parser.add_argument("newsweb")
    parser.add_argument("articles")
    parser.add_argument("breachline", type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--index", nargs="+", type=os.path.abspath, default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crawl-bench-") as folder:
        {"pages": pages, "refresh": refresh, "night": night}[args.what](args, pathlib.Path(folder))


if __name__ == "__main__":
    main()
