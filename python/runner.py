"""Runs one analysis of a user's Python collection: `python runner.py JOB.json`.

The job is described in src/domain/analysis/job.ts. The collection is a folder whose `__init__.py` imports classes with
`__init__(parameters)`, `output()` and `run(data, output_dir)`. stdout and stderr belong to the analysis; what we have
to say goes into the reply file.
"""

import errno
import importlib.util
import json
import math
import os
import sys
import traceback

# rows that the iterator of `full` mode hands out at a time at most: some 60 MB with all columns of event mode
CHUNK_ROWS = 1 << 20
# the exit code where the disk has no room for the reply (EX_IOERR), as in job.ts
NO_ROOM_FOR_REPLY = 74
TABLE = "/data/measurements"
# where the name to import is not the name to install
PACKAGES = {"yaml": "PyYAML", "sklearn": "scikit-learn", "PIL": "Pillow", "cv2": "opencv-python"}


def decode(value):
    """Undo the encoding of parameters that keeps types: the key 0 stays an integer, 1e+20 a float."""
    if not isinstance(value, dict):
        return value
    if "float" in value:
        return float(value["float"])
    if "list" in value:
        return [decode(member) for member in value["list"]]
    return {decode(key): decode(member) for key, member in value["map"]}


def package_name(folder):
    """The folder's own name, or another one where a package of the system has it: that must stay what it is."""
    name = os.path.basename(folder)
    if name in sys.modules or name in sys.builtin_module_names:
        return "_analyses_of_" + name
    found = importlib.util.find_spec(name)  # the collection's folder is not among the places yet
    return name if found is None else "_analyses_of_" + name


def load_analysis(folder, name):
    """What the collection in `folder` calls `name`: a class, or whatever else makes an analysis when it is called."""
    package = package_name(folder)
    # after everything else, so that a file of the collection cannot hide a package of the system
    sys.path.extend([os.path.dirname(folder), folder])
    spec = importlib.util.spec_from_file_location(
        package, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)
    found = getattr(module, name, None)
    if callable(found):
        return found
    names = [key for key, value in vars(module).items() if isinstance(value, type) and hasattr(value, "run")]
    raise LookupError(f"{folder} has no analysis '{name}'; it has {', '.join(sorted(names)) or 'none'}")


def read_whole(path):
    """The whole table of a file as one DataFrame."""
    import pandas
    import tables

    with tables.open_file(path, mode="r") as file:
        return pandas.DataFrame.from_records(file.get_node(TABLE).read())


def chunk_ends(file, table):
    """Rows after which a chunk may end: after each run, and within a run that is too long for one after an event."""
    runs = [table.nrows]
    if "/metadata/runs" in file:
        records = file.get_node("/metadata/runs").read()
        runs = [int(first) + int(rows) for first, rows in zip(records["first_row"], records["rows"])]
    start = 0
    for end in [*sorted(runs), table.nrows]:
        while end - start > CHUNK_ROWS:
            start = event_end(table, start, start + CHUNK_ROWS)
            yield start
        if end > start:
            start = end
            yield start


def event_end(table, start, limit):
    """The last row up to `limit` after which another event begins; `limit` where there are no events, or no end."""
    if "event" not in table.colnames:
        return limit
    events = table.read(start, limit + 1, field="event")
    changes = (events[1:] != events[:-1]).nonzero()[0]
    return start + int(changes[-1]) + 1 if len(changes) > 0 else limit


def read_chunks(path):
    """The table of a file as an iterator of DataFrames, one a run; row numbers go on from one to the next."""
    import pandas
    import tables

    with tables.open_file(path, mode="r") as file:
        table = file.get_node(TABLE)
        start = 0
        for end in chunk_ends(file, table):
            rows = table.read(start, end)
            yield pandas.DataFrame.from_records(rows, index=pandas.RangeIndex(start, end))
            start = end


def read_data(paths, mode):
    """What `run` is given: one DataFrame or iterator, or a list of them where there are several tables."""
    read = read_chunks if mode == "full" else read_whole
    data = [read(path) for path in paths]
    return data[0] if len(data) == 1 else data


def run(job):
    """Run the analysis and return its declared outputs and, where it gives one, its verdict."""
    analysis = load_analysis(job["path"], job["name"])(decode(job["parameters"]))
    outputs = analysis.output()
    import pandas  # noqa: F401  a missing package must be told before an analysis has worked for an hour
    import tables  # noqa: F401

    if job.get("onlyMake"):
        return {"outputs": plain(outputs), "quality": None}
    result = analysis.run(read_data(job["inputs"], job["mode"]), job["outputDir"])
    quality = result if isinstance(result, dict) and "verdict" in result else getattr(analysis, "verdict", None)
    if isinstance(quality, dict):  # what else an analysis returns is its own
        quality = {key: quality[key] for key in ("verdict", "reason", "timeout", "default") if key in quality}
    return {"outputs": plain(outputs), "quality": plain(quality) if isinstance(quality, (dict, str)) else None}


def plain(value):
    """Only what JSON knows: paths become text, tuples and sets lists, numbers of numpy numbers, NaN and inf None."""
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(member) for member in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    listed = value.tolist() if hasattr(value, "tolist") else None
    return plain(listed) if isinstance(listed, (str, bytes, bool, int, float, list)) else str(value)


def missing_package(error):
    """The command that installs what could not be imported."""
    name = (error.name or "").split(".")[0]
    if name == "":
        return None
    needed = ["pandas", "tables"] if name in ("pandas", "tables", "numpy") else [PACKAGES.get(name, name)]
    return f"{sys.executable} -m pip install {' '.join(needed)}"


def describe(error):
    """An error as the reply carries it."""
    reply = {"message": f"{type(error).__name__}: {error}"}
    remedy = missing_package(error) if isinstance(error, ModuleNotFoundError) else None
    if remedy is not None:
        reply["remedy"] = remedy
    return reply


def write_reply(path, reply):
    """Write the reply under another name first, so that it is there as a whole or not at all."""
    partial = path + ".partial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(reply, file, allow_nan=False)
    os.replace(partial, path)


def print_traceback():
    """Tell where it was; on a full disk the reply must do."""
    try:
        traceback.print_exc()
    except OSError:
        pass


def main(job_file):
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    try:
        reply = run(job)
    except Exception as error:  # whatever a user's analysis throws ends here
        reply = {"error": describe(error)}
        print_traceback()
    except SystemExit as error:
        text = "" if error.code is None else repr(error.code)
        reply = {"error": {"message": f"it called sys.exit({text})", "remedy": "let `run` return instead"}}
    try:
        write_reply(job["reply"], reply)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return NO_ROOM_FOR_REPLY
    return 1 if "error" in reply else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
