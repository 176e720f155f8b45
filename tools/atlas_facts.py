#!/usr/bin/env python3
"""Writes the facts of an official ATLAS.yaml into knowledge/atlas/, for maintainers; the build does not need it.

    tools/atlas_facts.py ATLAS.yaml            (from the top of the tree; needs python3-yaml)

Writes tactics.yaml, techniques.yaml, mitigations.yaml and case-studies.yaml: ids, names and relations, no sentence of
ATLAS. descriptions.yaml and knowledge/classification/ are written by people; this only says what they now lack. The
release in which a technique first appeared is not in ATLAS.yaml: it is kept from the file that is replaced, and new
techniques get the release being read.
"""
import datetime
import pathlib
import sys

import yaml

HERE = pathlib.Path("knowledge/atlas")
HEADER = "# Facts of MITRE ATLAS (Apache-2.0), written by tools/atlas_facts.py. Do not edit; see descriptions.yaml.\n"


def text(value):
    """A scalar as YAML, in quotes only where they are needed."""
    return yaml.safe_dump(str(value), width=10000, allow_unicode=True).removesuffix("\n").removesuffix("\n...")


def id_list(ids):
    """A flow list, folded at 110 columns."""
    lines, line = [], ""
    for i in ids:
        if len(line) + len(i) > 100:
            lines.append(line.rstrip())
            line = ""
        line += i + ", "
    lines.append(line.rstrip(", "))
    return "[" + "\n      ".join(lines) + "]"


def technique_ids(mitigation):
    """Without duplicates, bare ids and {id, use} maps alike, those misplaced in ml-lifecycle too."""
    found = []
    for entry in mitigation.get("techniques", []) + [e for e in mitigation.get("ml-lifecycle", []) if isinstance(e, dict)]:
        i = entry["id"] if isinstance(entry, dict) else entry
        if i not in found:
            found.append(i)
    return found


def date(study):
    d = study["incident-date"]
    if not isinstance(d, datetime.date):
        d = datetime.date.fromisoformat(str(d))
    shape = {"YEAR": "%Y", "MONTH": "%Y-%m"}.get(study.get("incident-date-granularity"), "%Y-%m-%d")
    return d.strftime(shape)


def main(path):
    atlas = yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))
    matrix = atlas["matrices"][0]
    version = str(atlas["version"])
    since = {}
    old = HERE / "techniques.yaml"
    if old.exists():
        since = {t["id"]: t["since"] for t in yaml.safe_load(old.read_text(encoding="utf-8"))["techniques"]}

    def attack(obj):
        return [f"    attack: {obj['ATT&CK-reference']['id']}"] if "ATT&CK-reference" in obj else []

    def write(name, key, blocks):
        body = "\n".join(line for block in blocks for line in block)
        head = f"version: {text(version)}\n" if key == "tactics" else ""
        (HERE / name).write_text(f"{HEADER}{head}{key}:\n{body}\n", encoding="utf-8")

    write("tactics.yaml", "tactics", [
        [f"  - id: {t['id']}", f"    name: {text(t['name'])}", *attack(t)] for t in matrix["tactics"]])

    blocks = []
    for t in sorted(matrix["techniques"], key=lambda t: t["id"]):
        block = [f"  - id: {t['id']}", f"    name: {text(t['name'])}"]
        if "subtechnique-of" in t:
            block.append(f"    parent: {t['subtechnique-of']}")
        if t.get("tactics"):
            block.append(f"    tactics: {id_list(t['tactics'])}")
        block += [f"    maturity: {t['maturity']}", *attack(t), f"    since: {since.get(t['id'], 'v' + version)}"]
        blocks.append(block)
    write("techniques.yaml", "techniques", blocks)

    write("mitigations.yaml", "mitigations", [
        [f"  - id: {m['id']}", f"    name: {text(m['name'])}", f"    type: {m['category'][0]}", *attack(m),
         f"    lifecycle: [{', '.join(v for v in m['ml-lifecycle'] if isinstance(v, str))}]",
         f"    techniques: {id_list(technique_ids(m))}"] for m in matrix["mitigations"]])

    write("case-studies.yaml", "case_studies", [
        [f"  - id: {c['id']}", f"    name: {text(c['name'])}", f"    type: {c['case-study-type']}",
         f"    date: {text(date(c))}", "    steps:  # tactic/technique, in order",
         *[f"      - {s['tactic']}/{s['technique']}" for s in c["procedure"]]] for c in atlas["case-studies"]])

    ours = yaml.safe_load((HERE / "descriptions.yaml").read_text(encoding="utf-8"))
    for key, objects in (("tactics", matrix["tactics"]), ("techniques", matrix["techniques"]),
                         ("mitigations", matrix["mitigations"]), ("case_studies", atlas["case-studies"])):
        for o in objects:
            if o["id"] not in ours[key]:
                print(f"descriptions.yaml: {key} lacks {o['id']} {o['name']}")
    classified = set()
    for f in pathlib.Path("knowledge/classification").glob("*.yaml"):
        classified |= set(yaml.safe_load(f.read_text(encoding="utf-8"))["techniques"])
    for t in matrix["techniques"]:
        if t["id"] not in classified:
            print(f"classification: lacks {t['id']} {t['name']}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not HERE.is_dir():
        sys.exit(__doc__)
    main(sys.argv[1])
