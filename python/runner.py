"""Runs one analysis of a user's Python collection: `python runner.py JOB.json`.

The job is described in src/domain/analysis/job.ts. The collection is a folder whose `__init__.py` imports classes with
`__init__(parameters)`, `output()` and `run(data, output_dir)`. stdout and stderr belong to the analysis; what we have
to say goes into the reply file.
"""

import importlib.util
import json
import math
import os
import sys
import traceback

# rows that the iterator of `full` mode hands out at a time: some 60 MB with all columns of event mode
CHUNK_ROWS = 1 << 20
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


def load_class(folder, name):
    """The class `name` of the collection in `folder`, imported as the package that the folder is."""
    package = os.path.basename(folder)
    # after everything else, so that a file of the collection cannot hide a package of the system
    sys.path.extend([os.path.dirname(folder), folder])
    spec = importlib.util.spec_from_file_location(
        package, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)
    found = getattr(module, name, None)
    if isinstance(found, type):
        return found
    names = [key for key, value in vars(module).items() if isinstance(value, type) and hasattr(value, "run")]
    raise LookupError(f"{folder} has no analysis '{name}'; it has {', '.join(sorted(names)) or 'none'}")


def read_whole(path):
    """The whole table of a file as one DataFrame."""
    import pandas
    import tables

    with tables.open_file(path, mode="r") as file:
        return pandas.DataFrame.from_records(file.get_node(TABLE).read())


def read_chunks(path):
    """The table of a file as an iterator of DataFrames; row numbers go on from chunk to chunk."""
    import pandas
    import tables

    with tables.open_file(path, mode="r") as file:
        table = file.get_node(TABLE)
        for start in range(0, table.nrows, CHUNK_ROWS):
            rows = table.read(start, min(start + CHUNK_ROWS, table.nrows))
            index = range(start, start + len(rows))
            yield pandas.DataFrame.from_records(rows, index=pandas.RangeIndex(index.start, index.stop))


def read_data(paths, mode):
    """What `run` is given: one DataFrame or iterator, or a list of them where there are several tables."""
    read = read_chunks if mode == "full" else read_whole
    data = [read(path) for path in paths]
    return data[0] if len(data) == 1 else data


def run(job):
    """Run the analysis and return its declared outputs and, where it gives one, its verdict."""
    analysis = load_class(job["path"], job["name"])(decode(job["parameters"]))
    outputs = analysis.output()
    import pandas  # noqa: F401  a missing package must be told before an analysis has worked for an hour
    import tables  # noqa: F401

    result = analysis.run(read_data(job["inputs"], job["mode"]), job["outputDir"])
    quality = result if isinstance(result, dict) and "verdict" in result else getattr(analysis, "verdict", None)
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
    item = value.item() if hasattr(value, "item") else None
    return plain(item) if isinstance(item, (str, bool, int, float)) else str(value)


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


def main(job_file):
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    try:
        reply = run(job)
    except Exception as error:  # whatever a user's analysis throws ends here
        traceback.print_exc()
        reply = {"error": describe(error)}
    write_reply(job["reply"], reply)
    return 1 if "error" in reply else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
