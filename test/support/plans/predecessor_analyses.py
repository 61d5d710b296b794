"""Runs analyses as the Python tool 1.0.15 does: its own import of the class and its own reading of tables.

usage: predecessor_analyses.py PACKAGE ANALYSES JOBS; PACKAGE is its folder `datenraffinerie`, JOBS is JSON:
[{"name", "parameters", "tables": one of summary mode, or those of the runs, "full": true or false, "output"}]
"""
import json
import os
import sys
import types

package, analyses, jobs = sys.argv[1:]


def stand_in(name, **members):
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module


# its module of analyses names what no release of it has, and what is of luigi alone
stand_in("luigi", Task=object, DictParameter=lambda **_: None, OptionalParameter=lambda **_: None)
stand_in("datenraffinerie", __path__=[package])
stand_in("datenraffinerie.config_utilities", unfreeze=None, update_dict=None)

from datenraffinerie.analysis_utilities import read_dataframe_chunked, read_whole_dataframe  # noqa: E402
from datenraffinerie.distillery import Distillery  # noqa: E402

here = os.getcwd()
for job in json.loads(jobs):
    os.makedirs(job["output"])
    analysis = Distillery.import_analysis(analyses, job["name"])(job["parameters"])
    data = read_dataframe_chunked(job["tables"]) if job["full"] else read_whole_dataframe(job["tables"][0])
    analysis.run(data, job["output"])
    os.chdir(here)
