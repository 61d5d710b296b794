import { describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/disk/folders.js';
import { needsPython, noPython, runPython } from '../../support/tools/python.js';
import { schema, valuesOf, writeSample } from './sample.js';

const readWith = {
  PyTables: `
import json, sys, tables
with tables.open_file(sys.argv[1]) as file:
    table = file.root.data.measurements
    assert isinstance(table, tables.Table), table
    rows = table.read()
print(json.dumps({"names": rows.dtype.names, "types": [str(rows.dtype[n]) for n in rows.dtype.names],
  "rows": [[v.decode() if isinstance(v, bytes) else v for v in row.tolist()] for row in rows]}))`,
  pandas: `
import json, sys, tables, pandas
with tables.open_file(sys.argv[1]) as file:
    frame = pandas.DataFrame.from_records(file.root.data.measurements.read())
rows = frame.to_records(index=False)
print(json.dumps({"names": list(frame.columns), "types": [str(t) for t in frame.dtypes],
  "rows": [[v.decode() if isinstance(v, bytes) else v for v in row.tolist()] for row in rows]}))`,
  h5py: `
import json, sys, h5py
with h5py.File(sys.argv[1]) as file:
    rows = file["data/measurements"][:]
print(json.dumps({"names": rows.dtype.names, "types": [str(rows.dtype[n]) for n in rows.dtype.names],
  "rows": [[v.decode() if isinstance(v, bytes) else v for v in row.tolist()] for row in rows]}))`,
};

const types = ['uint32', 'int32', 'int16', 'float32', 'uint8', 'int8', 'uint16', 'float64', 'int64', '|S5'];

describe.each(Object.entries(readWith))('%s', (name, script) => {
  test.skipIf(noPython).each([0, 1, 5000])(`reads a table of %i rows${needsPython}`, async (rows) => {
    const path = join(temporaryFolder(), 'table.h5');
    await writeSample(path, rows);
    expect(runPython(script, path)).toEqual({
      names: schema.columns.map((column) => column.name),
      types: name === 'pandas' ? expect.any(Array) : types,
      rows: Array.from({ length: rows }, (_, row) => valuesOf(row)),
    });
  });
});

test.skipIf(noPython)(`the attributes are those that PyTables writes, of text length + 1${needsPython}`, async () => {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, 10);
  const script = `
import json, sys, h5py
out = {}
def note(name, thing):
    for key in thing.attrs:
        attribute = h5py.h5a.open(thing.id, key.encode())
        kind = attribute.get_type()
        value = thing.attrs[key]
        if isinstance(kind, h5py.h5t.TypeStringID):
            text = value.decode() if isinstance(value, bytes) else str(value)
            assert kind.get_strpad() == h5py.h5t.STR_NULLTERM or key.endswith("FILL"), key
            out[f"{name}:{key}"] = [text, kind.get_size(), attribute.shape == ()]
        else:
            out[f"{name}:{key}"] = [value.item(), str(value.dtype), attribute.shape == ()]
with h5py.File(sys.argv[1]) as file:
    for name in ["/", "/data", "/data/measurements"]:
        note(name, file[name])
print(json.dumps(out))`;
  const text = (value: string) => [value, Buffer.byteLength(value) + 1, true];
  const fills = [...types.slice(0, -1).map((type) => [0, type, true]), ['', 5, true]];
  expect(runPython(script, path)).toEqual({
    '/:CLASS': text('GROUP'),
    '/:PYTABLES_FORMAT_VERSION': text('2.1'),
    '/:VERSION': text('1.0'),
    '/:TITLE': text(''),
    '/data:CLASS': text('GROUP'),
    '/data:VERSION': text('1.0'),
    '/data:TITLE': text(''),
    '/data/measurements:CLASS': text('TABLE'),
    '/data/measurements:VERSION': text('2.7'),
    '/data/measurements:TITLE': text(''),
    ...Object.fromEntries(schema.columns.map(({ name }, i) => [`/data/measurements:FIELD_${i}_NAME`, text(name)])),
    ...Object.fromEntries(fills.map((fill, i) => [`/data/measurements:FIELD_${i}_FILL`, fill])),
    '/data/measurements:FIELD_3_ATTR_unit': text('counts'),
    '/data/measurements:FIELD_3_ATTR_label': text('mean of the adc'),
    '/data/measurements:FIELD_7_ATTR_unit': text('°C'),
    ...Object.fromEntries(
      schema.columns.flatMap(({ meaning }, i) =>
        meaning === undefined ? [] : [[`/data/measurements:FIELD_${i}_ATTR_meaning`, text(meaning)]],
      ),
    ),
    '/data/measurements:FIELD_4_ATTR_meaning': text('half of the chip: 0 or 1'),
  });
});

test.skipIf(noPython)(`layout: extendible, chunked, shuffled, deflated, no object times${needsPython}`, async () => {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, 10);
  const script = `
import json, sys, h5py
with h5py.File(sys.argv[1]) as file:
    d = file["data/measurements"]
    times = []
    file.visititems(lambda name, thing: times.append(h5py.h5o.get_info(thing.id).mtime))
    print(json.dumps([d.maxshape, len(d.chunks), d.compression, d.compression_opts, d.shuffle, d.dtype.itemsize,
      max(times)]))`;
  expect(runPython(script, path)).toEqual([[null], 1, 'gzip', 3, true, 39, 0]);
});

test.skipIf(noPython)(`PyTables shows units as attributes of columns, and every node${needsPython}`, async () => {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, 10);
  const script = `
import json, sys, tables
with tables.open_file(sys.argv[1]) as file:
    print(json.dumps([file.root.data.measurements.cols.adc_mean.attrs.unit,
      str(file.root.data.measurements.cols.half.attrs.meaning),
      file.root.metadata.configuration.read().item().decode(), file.root.metadata._v_attrs.procedure.decode()
        if isinstance(file.root.metadata._v_attrs.procedure, bytes) else str(file.root.metadata._v_attrs.procedure),
      [node._v_pathname for node in file.walk_nodes()], file.root.metadata.runs.col("first_row").tolist()]))`;
  expect(runPython(script, path)).toEqual([
    'counts',
    'half of the chip: 0 or 1',
    'target:\n  µ: 1\n',
    'injection_scan',
    [
      '/',
      '/data',
      '/metadata',
      '/data/measurements',
      '/metadata/axes',
      '/metadata/comment',
      '/metadata/configuration',
      '/metadata/runs',
    ],
    [0, 4, 7],
  ]);
});

test.skipIf(noPython).each([0, 20, 300_000])(
  `can be appended to by PyTables and h5py (%i rows)${needsPython}`,
  async (n) => {
    const path = join(temporaryFolder(), 'table.h5');
    await writeSample(path, n, 10_000);
    const script = `
import json, sys, h5py, tables, numpy
with tables.open_file(sys.argv[1], "r+") as file:
    table = file.root.data.measurements
    before = table.nrows
    rows = numpy.zeros(30000, table.dtype)
    rows["event"] = numpy.arange(30000)
    table.append(rows)
    file.create_array("/data", "extra", numpy.arange(5))
with h5py.File(sys.argv[1], "r+") as file:
    table = file["data/measurements"]
    assert (table["event"][before:] == numpy.arange(30000)).all()
    table.resize((before + 30001,))
    for index in range(9): file.create_dataset(f"more{index}", data=[index])
    file["metadata"].attrs["note"] = "x" * 3000
with tables.open_file(sys.argv[1]) as file:
    print(json.dumps([int(file.root.data.measurements.nrows), file.root.data.measurements.col("event")[:before].sum().item()]))`;
    expect(runPython(script, path)).toEqual([n + 30_001, (n * Math.max(0, n - 1)) / 2]);
  },
);
