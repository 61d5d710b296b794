"""The algebra of configurations once more, in plain Python: states, patches and what is sent, for key axes.

usage: plan_reference.py LIBRARY.yaml PROCEDURE; prints JSON {"default", "start", "runs": [{"index", "patch", "send"}]}
"""
import copy
import itertools
import json
import os
import sys

import yaml


def update(below, above):
    if isinstance(below, dict) and isinstance(above, dict):
        merged = dict(below)
        for key, value in above.items():
            merged[key] = update(below[key], value) if key in below else value
        return merged
    if isinstance(below, list) and isinstance(above, list):
        assert len(below) == len(above)
        return [update(a, b) for a, b in zip(below, above)]
    return above


def diff(before, after):
    if isinstance(before, dict) and isinstance(after, dict):
        changed = {}
        for key, value in after.items():
            if key not in before:
                changed[key] = value
            else:
                part = diff(before[key], value)
                if part is not None:
                    changed[key] = part
        return changed or None
    return None if before == after else after


def axis_patches(axis):
    values = axis.get("values", axis.get("range"))
    if isinstance(values, dict):
        values = list(range(values.get("start", 0), values["stop"], values.get("step", 1)))
    paths = itertools.product(*[k if isinstance(k, list) else [k] for k in axis["key"]])
    paths = [p if p[0] in ("target", "daq", "server", "client") else ("target",) + p for p in paths]
    patches = []
    for value in values:
        patch = {}
        for path in paths:
            nested = value
            for key in reversed(path):
                nested = {key: nested}
            patch = update(patch, nested)
        patches.append(patch)
    return patches


def overlay(folder, files):
    state = {}
    for name in files if isinstance(files, list) else [files]:
        with open(os.path.join(folder, name)) as file:
            state = update(state, yaml.safe_load(file))
    return state


def main(library, name):
    with open(library) as file:
        procedure = next(p for p in yaml.safe_load(file) if p["name"] == name)
    folder = os.path.dirname(library)
    settings = procedure["system_settings"]
    default = overlay(folder, settings["default"])
    init = update(overlay(folder, settings.get("init", [])), settings.get("override", {}))
    start = update(default, init)
    points = list(itertools.product(*[axis_patches(axis) for axis in procedure.get("parameters", [])]))
    runs, before = [], copy.deepcopy(start)
    for index, patches in enumerate(points * procedure.get("repeat", 1)):
        patch = {}
        for part in patches:
            patch = update(patch, part)
        state = update(start, patch)
        runs.append({"index": index, "patch": patch, "send": diff(before, state) or {}})
        before = state
    json.dump({"default": default, "start": start, "runs": runs}, sys.stdout)


main(*sys.argv[1:])
