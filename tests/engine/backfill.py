#!/usr/bin/env python3
"""Reads archives of news on many machines: page, article, reports, as a map over files on Spark.

    spark-submit backfill.py --breachline /opt/breachline --warc PATHS.txt --output DIR [--config sources.toml]
    spark-submit backfill.py --breachline /opt/breachline --lines DOCS.jsonl --output DIR

PATHS.txt names a WARC file on each line, which every worker can open (a mount, or a path that `--fetch COMMAND` turns into a local
file: the command gets the name as its argument and prints the path). DOCS.jsonl holds {"doc", "url", "title", "published", "text" or
"html"} lines. The worker is `breachline extract`; it has no state, so a task can be tried again as often as need be.

DIR/reports gets Parquet that `breachline import --reports` takes in, each address once; DIR/bad gets JSON lines {"doc", "error"} of
what could not be read. Needs pyspark and Java 17.
"""
import argparse
import json
import os
import subprocess
import sys

from pyspark import TaskContext
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

TEXTS = ["doc", "url", "title", "published", "published_from", "language", "arrived_at", "rules", "text"]
SCHEMA = StructType([StructField(name, StringType()) for name in [*TEXTS, "incidents", "error"]])
# Documents of one task: small enough that a few long ones make no straggler.
LINES_PER_TASK = 2000


def row(line):
    """Returns what the worker wrote as a row; its reports stay JSON, which is what the import reads."""
    record = json.loads(line)
    if "error" in record:
        return (str(record["doc"]), *[None] * 9, record["error"])
    return (*[record.get(name) for name in TEXTS], json.dumps(record["incidents"]), None)


def is_last_try(tries):
    return TaskContext.get().attemptNumber() + 1 >= tries


def work(command, fed, name, tries):
    """Runs a worker and yields its rows. One that dies fails the task, so that Spark tries it again; the last time it is told instead."""
    worker = subprocess.Popen(command, stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if fed:
        import threading

        def feed():
            with worker.stdin as pipe:
                for line in fed:
                    pipe.write(line + "\n")

        threading.Thread(target=feed, daemon=True).start()
    for line in worker.stdout:
        yield row(line)
    ended = worker.wait()
    # 3: it ran, but a file was cut off or a page could not be read; what could be is there.
    if ended == 3 and not fed:
        yield (name, *[None] * 9, "not read to its end, or not every page of it")
    elif ended not in (0, 3):
        if not is_last_try(tries):
            raise RuntimeError(f"the worker for {name} ended with {ended}")
        yield (name, *[None] * 9, f"the worker ended with {ended}, {tries} times")


def read_archives(args, tries):
    def read(paths):
        for path in paths:
            local = subprocess.run([args.fetch, path], check=True, capture_output=True, text=True).stdout.strip() if args.fetch else path
            yield from work([args.breachline, *args.options, "extract", "--warc", local], None, path, tries)

    return read


def read_lines(args, tries):
    def read(lines):
        lines = list(lines)
        if lines:
            name = f"the lines after {lines[0][:60]}"
            yield from work([args.breachline, *args.options, "extract", "--batch", "--with-text"], lines, name, tries)

    return read


def rows(args, spark):
    """Returns the rows of all input as an RDD, divided so that no task is much longer than the others."""
    tries = int(spark.conf.get("spark.task.maxFailures", "4"))
    context = spark.sparkContext
    if args.warc:
        paths = [line.strip() for line in open(args.warc, encoding="utf-8") if line.strip()]
        # The longest first, a file a task: what is left at the end is short.
        paths.sort(key=lambda path: -os.path.getsize(path) if os.path.exists(path) else 0)
        return context.parallelize(paths, max(1, len(paths))).mapPartitions(read_archives(args, tries))
    lines = context.textFile(args.lines)
    tasks = max(1, -(-lines.count() // LINES_PER_TASK))
    # repartition deals them out at random, so that the long ones of one site do not come together.
    return lines.repartition(tasks).mapPartitions(read_lines(args, tries))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--breachline", required=True, help="the program, where every worker finds it")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--warc", help="a file with the path of a WARC file on each line")
    source.add_argument("--lines", help="JSON Lines, or a pattern of such files")
    parser.add_argument("--output", required=True)
    parser.add_argument("--config", help="sources.toml, for the names of sources and their selectors")
    parser.add_argument("--fetch", help="a command that makes a local file of a path")
    args = parser.parse_args()
    args.options = ["--config", args.config] if args.config else []

    # Java packs by gzip itself. The library for Spark's own choice, snappy, cannot be loaded on every machine.
    builder = SparkSession.builder.appName("breachline backfill").config("spark.sql.parquet.compression.codec", "gzip")
    spark = builder.getOrCreate()
    # What the workers wrote is laid down first: two outputs must not make them run twice.
    made = os.path.join(args.output, "made")
    spark.createDataFrame(rows(args, spark), SCHEMA).write.mode("overwrite").parquet(made)
    made = spark.read.schema(SCHEMA).parquet(made)
    # Archives hold some pages more than once; the earliest stays, whichever task had it.
    first = Window.partitionBy("url").orderBy(F.col("arrived_at").asc_nulls_last(), "doc", "text")
    good = made.where("error IS NULL AND url IS NOT NULL").withColumn("turn", F.row_number().over(first)).where("turn = 1")
    good.drop("turn", "error").write.mode("overwrite").parquet(os.path.join(args.output, "reports"))
    bad = made.where("error IS NOT NULL OR url IS NULL").select("doc", F.coalesce("error", F.lit("it has no address")).alias("error"))
    bad.write.mode("overwrite").json(os.path.join(args.output, "bad"))
    print(f"{good.count()} articles, {bad.count()} bad records", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
