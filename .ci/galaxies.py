#!/usr/bin/env python3
"""Makes src/export/galaxies.tsv: which clusters of the MISP galaxies our attackers are.

    pip install pymispgalaxies && .ci/galaxies.py > src/export/galaxies.tsv

A line is galaxy, cluster, and our names of it, folded. An attacker is a cluster when one of its names is the cluster's value, or, among
threat actors, when its first name is a synonym of one cluster alone; by their other names groups are likened to each other too freely.
People are left out: a name in a galaxy is a judgement that news does not make.
"""
import json
import re
import sys
import tomllib
import unicodedata
from importlib.resources import files
from pathlib import Path

GALAXIES = ["ransomware", "threat-actor"]


def fold(text):
    """As base::fold does."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) and c not in "'’‘`")
    return " ".join(re.findall(r"[^\W_]+", plain.lower()))


def clusters(galaxy):
    path = files("pymispgalaxies") / "data" / "misp-galaxy" / "clusters" / f"{galaxy}.json"
    values, synonyms = {}, {}
    for cluster in json.loads(path.read_text())["values"]:
        values.setdefault(fold(cluster["value"]), set()).add(cluster["value"])
        for synonym in (cluster.get("meta") or {}).get("synonyms") or []:
            synonyms.setdefault(fold(synonym), set()).add(cluster["value"])
    return values, synonyms


def cluster_of(names, values, synonyms):
    for name in names:
        if len(values.get(name, ())) == 1:
            return next(iter(values[name]))
    found = synonyms.get(names[0], set())
    return next(iter(found)) if len(found) == 1 else None


def main():
    attackers = tomllib.loads(Path("src/rules/attackers.toml").read_text())["attacker"]
    lines = set()
    for galaxy in GALAXIES:
        values, synonyms = clusters(galaxy)
        for attacker in attackers:
            if attacker["kind"] == "person" or (galaxy == "ransomware") > (attacker["kind"] == "ransomware"):
                continue
            names = sorted({fold(name) for name in [attacker["name"], *attacker.get("aliases", [])]} - {""})
            cluster = cluster_of([fold(attacker["name"]), *names], values, {} if galaxy == "ransomware" else synonyms)
            if cluster:
                lines.add("\t".join([galaxy, cluster, "|".join(names)]))
    sys.stdout.write("".join(f"{line}\n" for line in sorted(lines)))


if __name__ == "__main__":
    main()
