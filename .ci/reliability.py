#!/usr/bin/env python3
"""Prints how often what is said with some confidence is right: the reliability table. Standard library only.

    reliability.py GOLD_FOLDER GOLD.jsonl PREDICTED.jsonl

GOLD_FOLDER holds score.py, which says what is right. PREDICTED holds extracted documents with the confidence of each incident and field; for
a fair table their weights were learned without them (`.ci/learn held-back` keeps to that). A value with confidence 0.9 should be right nine
times in ten. `incident` is the confidence that the victim was hit; a field's own is that of its surest evidence, and it is judged among
incidents that are found and among those that are invented, where nothing is right.
"""
import json
import sys
from pathlib import Path

BOUNDS = [0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01]
FIELDS = ["kind", "attackers", "records", "occurred", "disclosed", "data"]


def is_right(score, field, ours, theirs):
    """Tells whether a field's value is right; of several attackers or kinds of data, the share that is."""
    if theirs is None:
        return 0.0
    if field == "kind":
        return float(ours["kind"] in [theirs["kind"], *theirs.get("also_kinds", [])])
    if field in ("occurred", "disclosed"):
        return float(score.same_dates(ours.get(field), theirs.get(field)))
    if field == "records":
        return float(any(score.same_figure(ours["records"][0], other) for other in theirs.get("records", [])))
    if field == "attackers":
        right = [any(score.entity_match(one, other, named=False) for other in theirs.get("attackers", [])) for one in ours["attackers"]]
        return sum(right) / len(right)
    return len(set(ours["data"]) & set(theirs.get("data", []))) / len(set(ours["data"]))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, gold, predicted = sys.argv[1:]
    sys.path.insert(0, folder)
    import score

    read = lambda path: [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    said = {line["doc"]: line["incidents"] for line in read(predicted)}
    told = {field: [] for field in ["incident", *FIELDS]}
    for line in read(gold):
        ours, theirs = said.get(line["doc"], []), line["incidents"]
        answers = dict(score.pair_up(ours, theirs))
        for at, incident in enumerate(ours):
            answer = theirs[answers[at]] if at in answers else None
            told["incident"].append((incident["confidence"], float(answer is not None)))
            for field in FIELDS:
                sure = [evidence["confidence"] for evidence in incident["evidence"] if evidence["field"] == field]
                if sure and incident.get(field):
                    told[field].append((max(sure), is_right(score, field, incident, answer)))
    print("said        " + "".join(f"{f'{low:.1f}-{min(high, 1.0):.1f}':>14}" for low, high in zip(BOUNDS, BOUNDS[1:])) + "   mean said / right")
    for field, pairs in told.items():
        cells = []
        for low, high in zip(BOUNDS, BOUNDS[1:]):
            here = [right for confidence, right in pairs if low <= confidence < high]
            cells.append(f"{sum(here) / len(here):>8.2f} ({len(here):>3})" if here else " " * 14)
        mean = lambda at: sum(pair[at] for pair in pairs) / max(len(pairs), 1)
        print(f"{field:<12}" + "".join(cells) + f"   {mean(0):.2f} / {mean(1):.2f}")


if __name__ == "__main__":
    main()
