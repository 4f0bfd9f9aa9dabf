"""A second, tiny implementation of artifact selection and routing, written from the requirements; runs the published vectors.

Usage: python3 second_implementation.py hydration_tests.json
Needs nothing but the standard library. Prints one line per vector it disagrees with, and a summary.
"""

import json
import math
import re
import sys


def admits(rule, candidate):
    if rule == "approved":
        return candidate["status"] == "approved"
    return rule == "latest_non_draft" and candidate["status"] in ("approved", "review")


def standing(candidate, spec):
    return next((at for at, rule in enumerate(spec["precedence"]) if admits(rule, candidate)), len(spec["precedence"]))


def keys(candidate, spec):
    """Python compares text by code point, as the rule wants."""
    undated = math.inf if spec["uncommitted"] == "newest" else -math.inf
    value = {
        "commit_time": -(undated if candidate["commit_time"] is None else candidate["commit_time"]),
        "file_name": candidate["path"].rsplit("/", 1)[-1],
        "path": candidate["path"],
    }
    return [(name, value[name]) for name in [*spec["tie_breakers"], "path"]]


def select(candidates, spec):
    ranked = sorted(candidates, key=lambda one: (standing(one, spec), [value for _, value in keys(one, spec)]))
    order = [one["path"] for one in ranked]
    if not ranked:
        return {"outcome": "none", "winner": None, "rule": None, "order": [], "decided_by": [], "findings": []}
    best = ranked[0]
    at = standing(best, spec)
    rule = spec["precedence"][at] if at < len(spec["precedence"]) else None
    if len(ranked) == 1 and "solo" in spec["precedence"]:
        rule = "solo"
    remarks = findings(candidates)
    if rule is None:
        decided = [None] * len(ranked)
        return {"outcome": "unresolved", "winner": None, "rule": None, "order": order, "decided_by": decided,
                "findings": ["HYDRATION_UNRESOLVED", *remarks]}
    decided = [rule]
    for loser in ranked[1:]:
        if standing(loser, spec) != at:
            decided.append(spec["precedence"][at])
        else:
            decided.append(next(name for (name, ours), (_, theirs) in zip(keys(best, spec), keys(loser, spec)) if ours != theirs))
    return {"outcome": "selected", "winner": best["path"], "rule": rule, "order": order, "decided_by": decided, "findings": remarks}


def findings(candidates):
    versions, contents = {}, {}
    for one in candidates:
        contents.setdefault(one["content"], []).append(one)
        if one["version"] is not None:
            versions.setdefault(one["version"], set()).add(one["content"])
    conflicts = ["HYDRATION_CONTENT_CONFLICT" for found in versions.values() if len(found) > 1]
    return conflicts + ["HYDRATION_DUPLICATE_CONTENT" for found in contents.values() if len(found) > 1]


def listed(value):
    return value if isinstance(value, list) else [value]


def matches(match, subject):
    labels = [tag["key"] for tag in subject["tags"]] + [f"{tag['key']}:{tag['value']}" for tag in subject["tags"]]
    tests = {
        "kind": lambda wanted: wanted == subject["kind"],
        "status": lambda wanted: wanted == subject["status"],
        "id": lambda wanted: subject["id"].startswith(wanted[:-1]) if wanted.endswith("*") else subject["id"] == wanted,
        "tag": lambda wanted: wanted in labels,
    }
    return all(any(map(tests[name], listed(wanted))) for name, wanted in match.items())


def fill(pattern, subject):
    values = {**subject["parameters"], "id": subject["id"], "kind": subject["kind"], "status": subject["status"]}
    names = re.findall(r"\{(\w+)\}", pattern)
    if any(not values.get(name) or re.search(r"[/\\\x00-\x1f\x7f-\x9f]", values[name]) for name in names):
        return None
    path = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], pattern)
    segments = path.split("/")
    if "." in segments or ".." in segments or segments[-1].lower() in ("routing_matrix.json", "routing_effective.shadow.json"):
        return None
    return path


def route(spec, subject):
    found = [one for one in spec["routes"] if matches(one["match"], subject)]
    found.sort(key=lambda one: (-one["precedence"], one["id"].encode("utf-16-be")))
    override = next((one["to"] for one in spec["overrides"] if one["artifact"] == subject["id"]), None)
    if override is not None:
        top, rest = [("override", override)], found
    else:
        best = found[0]["precedence"] if found else None
        top = [(one["id"], one["to"]) for one in found if one["precedence"] == best]
        rest = [one for one in found if one["precedence"] != best]
    paths = [fill(to, subject) for _, to in top]
    lost = [[one["id"], "lost"] for one in rest]
    if not top:
        return {"outcome": "unrouted", "path": None, "rule": None, "matched": []}
    if None in paths:
        return {"outcome": "unrouted", "path": None, "rule": None, "matched": [[name, "unfilled"] for name, _ in top] + lost}
    if len(set(paths)) > 1:
        return {"outcome": "conflict", "path": None, "rule": None, "matched": [[name, "conflict"] for name, _ in top] + lost}
    return {"outcome": "routed", "path": paths[0], "rule": top[0][0], "matched": [[name, "won"] for name, _ in top] + lost}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        tests = json.load(file)
    failed = 0
    for kind, run in (
        ("select", lambda vector: select(vector["candidates"], vector["spec"])),
        ("route", lambda vector: route(vector["spec"], vector["subject"])),
    ):
        for vector in tests[kind]:
            given = run(vector)
            if given != vector["expected"]:
                failed += 1
                print(f"{kind}: {vector['name']}: {json.dumps(given)} is not {json.dumps(vector['expected'])}")
    print(f"{len(tests['select'])} selections, {len(tests['route'])} routes, {failed} disagreements")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
