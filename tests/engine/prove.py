#!/usr/bin/env python3
"""Shows that two workers, one of which is killed, give the incidents that one machine gives. Needs pyspark, Java 17 and a folder of articles.

    prove.py BREACHLINE ARTICLES FOLDER [--copies 20] [--files 8]

ARTICLES holds texts with <title>, <date> and <text> lines. They are made into pages of some 80 KB, each under several addresses with
names changed, and those into WARC files in FOLDER, one of them cut off. These are read into an index by `ingest --warc`; then by
backfill.py in Spark's local-cluster mode (two worker processes), where one worker's process is killed with -9 while tasks run; what
that wrote is imported twice. The incidents of both indexes must be the same, line by line.
"""
import argparse
import gzip
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
# Most of a page is not its text.
SCRIPT = "<script>" + "".join(f'window.q{n} = {{"slot": {n}, "size": [300, 250], "lazy": true}};\n' for n in range(1100)) + "</script>"


def page(title, day, text, copy):
    # Each copy is another paper's story of another body: capitalised words get a suffix, so that copies are not one event.
    if copy:
        text = re.sub(r"\b([A-Z][a-z]{3,})(?= (?:said|was|has|confirmed|announced))", rf"\1 {chr(64 + copy)}", text)
    paragraphs = "".join(f"<p>{line.strip()}</p>\n" for line in text.split("\n") if line.strip())
    furniture = "".join(f'<nav><a href="/n{n}">Section {n}</a></nav>' for n in range(400))
    return (f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="article:published_time" content="{day}">'
            f"</head><body>{furniture}<article><h1>{title}</h1>{paragraphs}</article>{SCRIPT}</body></html>")


def record(url, day, body):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    head = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:made:{url}>\r\nWARC-Date: {day}T06:00:00Z\r\n"
            f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n")
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 1)


def archives(args):
    """Makes the WARC files and returns their paths."""
    stories = []
    for file in sorted(args.articles.glob("*.txt")):
        source = file.read_text(encoding="utf-8")
        parts = [re.search(pattern, source, re.S) for pattern in (r"<title>(.*?)</title>", r"<date>\s*([\d_-]+)", r"<text>(.*?)(?:</text>|$)")]
        if all(parts):
            title, day, text = (part.group(1).strip() for part in parts)
            stories.append((file.stem, title, day.replace("_", "-"), text))
    files = [args.folder / f"made-{n}.warc.gz" for n in range(args.files)]
    out = [file.open("wb") for file in files]
    for copy in range(args.copies):
        for n, (name, title, day, text) in enumerate(stories):
            url = f"https://paper{copy}.example/{name}"
            out[(n + copy) % args.files].write(record(url, day, page(title, day, text, copy)))
    for file in out:
        file.close()
    # The last file ends in the middle of a record, as interrupted downloads do.
    os.truncate(files[-1], files[-1].stat().st_size - 1000)
    return files, len(stories) * args.copies


def lines(args, index):
    found = subprocess.run([args.breachline, "--index", index, "search", "sort:date", "--json", "--limit", "1000000"],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(found)


def executors():
    """Returns the process numbers of Spark's executors."""
    found = []
    for proc in pathlib.Path("/proc").iterdir():
        if proc.name.isdigit():
            try:
                if b"CoarseGrainedExecutorBackend" in (proc / "cmdline").read_bytes():
                    found.append(int(proc.name))
            except OSError:
                pass
    return found


def kill_one(job, made):
    """Kills an executor once the first tasks have ended. Returns its process number."""
    while job.poll() is None:
        if any(made.glob("**/part-*.parquet")) and len(executors()) == 2:
            victim = executors()[0]
            os.kill(victim, signal.SIGKILL)
            return victim
        time.sleep(0.05)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("breachline", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("articles", type=pathlib.Path)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--files", type=int, default=8)
    args = parser.parse_args()
    shutil.rmtree(args.folder, ignore_errors=True)
    args.folder.mkdir(parents=True)
    files, pages = archives(args)
    print(f"{pages} pages in {len(files)} files, {sum(file.stat().st_size for file in files) >> 20} MB packed")

    alone, many = str(args.folder / "alone"), str(args.folder / "many")
    began = time.monotonic()
    subprocess.run([args.breachline, "--index", alone, "ingest", "--warc", *files], stdout=subprocess.DEVNULL)
    print(f"one machine: {time.monotonic() - began:.1f} s")

    (args.folder / "paths.txt").write_text("".join(f"{file}\n" for file in files))
    output = args.folder / "output"
    began = time.monotonic()
    job = subprocess.Popen([sys.executable, HERE / "backfill.py", "--breachline", args.breachline, "--warc", args.folder / "paths.txt",
                            "--output", output], env={**os.environ, "PYSPARK_SUBMIT_ARGS": "--master local-cluster[2,1,1024] pyspark-shell"},
                           stderr=(args.folder / "spark.log").open("w"))
    victim = kill_one(job, output / "made")
    if job.wait() != 0 or victim is None:
        sys.exit(f"the job failed, or no worker could be killed: see {args.folder / 'spark.log'}")
    told = (args.folder / "spark.log").read_text()
    lost = len(re.findall(r"Lost task ", told))
    print(f"two workers, one killed (process {victim}, {lost} tasks lost and tried again): {time.monotonic() - began:.1f} s; {told.splitlines()[-1]}")

    for turn in ("first", "second"):
        began = time.monotonic()
        ran = subprocess.run([args.breachline, "--index", many, "import", "--reports", output / "reports"], capture_output=True, text=True)
        print(f"imported, {turn} time, {time.monotonic() - began:.1f} s: {' / '.join(ran.stdout.split(chr(10))).strip()} {ran.stderr.strip()}")
    one, other = lines(args, alone), lines(args, many)
    print(f"incidents: {len(one)} on one machine, {len(other)} from two workers, {len(set(one) & set(other))} alike")
    sys.exit(0 if one == other else "they differ")


if __name__ == "__main__":
    main()
