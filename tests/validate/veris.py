"""Holds VERIS incidents to `veris.schema.json`: the parts of VERIS 1.4 that breachline writes, with their vocabulary.
"""
import json
import sys
from pathlib import Path

import jsonschema


def main(path, count):
    schema = json.loads((Path(__file__).parent / "veris.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    incidents = json.load(open(path, encoding="utf-8"))
    assert len(incidents) == count
    for incident in incidents:
        errors = [f"{incident['incident_id']} {'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(incident)]
        assert not errors, errors
    assert len({incident["incident_id"] for incident in incidents}) == count
    print(f"VERIS: {count} incidents are valid")


main(sys.argv[1], int(sys.argv[2]))
