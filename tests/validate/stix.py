"""Lets the stix2 library read a bundle strictly and stix2-validator check it: no error, and no warning but those expected."""
import collections
import re
import sys

import stix2
from stix2validator import ValidationOptions, validate_file

# {103}: version 5 identifiers, which make an object the same in every bundle, are allowed and not what the validator prefers.
# {202}: relationships of incidents, which the extension brings. {302}: an address without a hash of what is there.
EXPECTED = {"103", "202", "302"}


def main(path, count):
    bundle = stix2.parse(open(path, encoding="utf-8").read(), allow_custom=False)
    kinds = collections.Counter(thing.type for thing in bundle.objects)
    assert kinds["incident"] == kinds["report"] == count, kinds
    result = validate_file(path, ValidationOptions(version="2.1"))
    assert result.is_valid, [str(error) for one in result.object_results for error in one.errors]
    warnings = collections.Counter()
    for one in result.object_results:
        for warning in one.warnings or []:
            warnings[re.search(r"\{(\d+)\}", str(warning)).group(1)] += 1
    assert set(warnings) <= EXPECTED, warnings
    print(f"stix2 {stix2.__version__}: {dict(kinds)}; stix2-validator: valid, warnings {dict(warnings)}")


main(sys.argv[1], int(sys.argv[2]))
