"""Lets Python's csv module read a table strictly: as many cells in each line as headings, no cell a formula."""
import csv
import sys


def main(path, count):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    rows = list(csv.reader(text.splitlines(), strict=True))
    assert len(rows) == count + 1 and len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    print(f"csv: {count} lines of {len(rows[0])} cells")


main(sys.argv[1], int(sys.argv[2]))
