"""What the Python tool 1.0.15 makes of a configuration, for its own interpreter (see scripts/python-tool.sh).

usage: predecessor_plans.py MAIN.yaml; prints JSON {PROCEDURE: {"default", "start", "runs": [state of every run]}}
"""
import json
import sys

import yaml
from datenraffinerie.config_utilities import get_procedure_configs


def plain(value):
    """Keys as JSON has them."""
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, list) else value


main = sys.argv[1]
with open(main) as file:
    names = [procedure["name"] for procedure in yaml.safe_load(file)["procedures"]]
plans = {}
for name in names:
    _, (default, start, runs, _) = get_procedure_configs(main, name)
    plans[name] = {"default": plain(default), "start": plain(start), "runs": [plain(run) for run in runs]}
print(json.dumps(plans))
