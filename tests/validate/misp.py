"""Lets PyMISP load each event, and holds each object to the template that PyMISP ships."""
import copy
import json
import sys
from importlib.resources import files

from pymisp import MISPEvent


def check(thing, templates):
    template = templates[thing["name"]]
    assert thing["template_uuid"] == template["uuid"], thing["name"]
    assert int(thing["template_version"]) <= template["version"], thing["name"]
    assert thing["meta-category"] == template["meta-category"], thing["name"]
    relations = [attribute["object_relation"] for attribute in thing["Attribute"]]
    assert set(template.get("required", [])) <= set(relations), relations
    assert not template.get("requiredOneOf") or set(template["requiredOneOf"]) & set(relations), relations
    for attribute in thing["Attribute"]:
        known = template["attributes"][attribute["object_relation"]]
        assert attribute["type"] == known["misp-attribute"], attribute
        assert not known.get("values_list") or attribute["value"] in known["values_list"], attribute
        assert not known.get("sane_default") or attribute["value"] in known["sane_default"], attribute
        assert known.get("multiple") or relations.count(attribute["object_relation"]) == 1, attribute


def main(path, count):
    folder = files("pymisp") / "data" / "misp-objects" / "objects"
    names = ["incident", "victim", "news-media"]
    templates = {name: json.loads((folder / name / "definition.json").read_text()) for name in names}
    kinds = json.loads((files("pymisp") / "data" / "describeTypes.json").read_text())["result"]["category_type_mappings"]
    answers = json.load(open(path, encoding="utf-8"))["response"]
    assert len(answers) == count
    objects = attributes = 0
    for answer in answers:
        event = MISPEvent(strict_validation=True)
        event.load(copy.deepcopy(answer))
        objects += len(event.objects)
        for thing in answer["Event"]["Object"]:
            check(thing, templates)
            for attribute in thing["Attribute"]:
                attributes += 1
                assert attribute["type"] in kinds[attribute["category"]], attribute
    tags = sorted({tag["name"] for answer in answers for tag in answer["Event"]["Tag"] if "galaxy" in tag["name"]})
    print(f"PyMISP: {count} events, {objects} objects, {attributes} attributes; galaxies {tags}")


main(sys.argv[1], int(sys.argv[2]))
