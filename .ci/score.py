#!/usr/bin/env python3
"""Holds what extraction reaches on a gold against its floors. Standard library only.

    score.py GOLD_FOLDER FLOORS.json BREACHLINE [raise]

GOLD_FOLDER holds score.py and NAME/gold.jsonl. FLOORS.json keeps, by NAME, the digest of the gold file and the least of each figure.
A figure below its floor fails. A gold file that has changed is said, and not failed: its floors are those of another file.
With "raise", floors rise to what was reached (and are set anew where the gold has changed); they never fall by themselves.
"""
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Figures are kept and compared to this many places; the last one is left to chance.
PLACES = 3


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


def main():
    folder, floors_file, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    rise = "raise" in sys.argv[4:]
    floors = json.loads(floors_file.read_text(encoding="utf-8"))
    worse = []
    for name, kept in sorted(floors.items()):
        gold = folder / name / "gold.jsonl"
        if not gold.is_file():
            print(f"{name}: {gold} is not there, not scored")
            continue
        digest = hashlib.sha256(gold.read_bytes()).hexdigest()
        with tempfile.TemporaryDirectory() as place, gold.open("rb") as lines:
            predicted = Path(place) / "predicted.jsonl"
            began = time.monotonic()
            with predicted.open("wb") as out:
                subprocess.run([program, "extract", "--batch"], stdin=lines, stdout=out, check=True, timeout=600)
            seconds = time.monotonic() - began
            reached = figures(folder / "score.py", gold, predicted)
        changed = digest != kept.get("gold")
        print(f"{name}: {seconds:.1f} s" + (" (the gold has changed since its floors were set: they are only shown)" if changed else ""))
        for figure in kept["watched"]:
            floor, now = kept["floors"].get(figure, 0.0), reached.get(figure)
            if now is None:
                sys.exit(f"{name}: the scorer says nothing of {figure}; it knows {', '.join(reached)}")
            mark = "below its floor" if now < floor else "above its floor" if now > floor else ""
            print(f"    {figure:<28} {now:.{PLACES}f}  floor {floor:.{PLACES}f}  {mark}".rstrip())
            if now < floor and not changed:
                worse.append(f"{name}: {figure} is {now:.{PLACES}f}, its floor is {floor:.{PLACES}f}")
            if rise and (changed or now > floor):
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
