import { scanFiles } from '../config/name.js';
import { bytesText, durationText, timeText } from '../quantities.js';
import { anchor, fileLink, html, table, type Html } from './html.js';
import type {
  AnalysisReport,
  CalibrationReport,
  Fact,
  MeasurementReport,
  Picture,
  RunStatistics,
  TablePreview,
} from './model.js';
import { verdictBadge } from './overview.js';

/** Rows of a list of runs, at most. */
const maxListed = 50;

export function factList(facts: readonly Fact[]): Html {
  return html`<dl>
    ${facts.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

export function measurementSection(measurement: MeasurementReport): Html {
  const { name, facts, tables, axes, statistics, quarantined, settings, plot } = measurement;
  const axisRows = axes.map((axis) => [axis.name, String(axis.length), axis.label, axis.values]);
  return html`<section>
    <h3 id="${anchor('daq', name)}">${name}</h3>
    ${tables.length === 0 ? undefined : html`<p>${tables.map(({ name }) => fileLink(name))}</p>`}
    ${factList([...facts, ...statisticsFacts(statistics, quarantined.length)])}
    ${
      axes.length === 0
        ? undefined
        : html`<div class="scroll">${table(['axis', 'points', 'meaning', 'values'], axisRows)}</div>`
    }
    ${plot === undefined ? undefined : figure(plot)}
    ${runList(
      'Quarantined runs',
      quarantined.map(({ run, reason }) => [String(run), reason]),
    )}
    ${runList(
      'Runs to look at',
      statistics.notable.map(({ run, remarks }) => [String(run), remarks]),
    )}
    <details>
      <summary>Settings that differ from the power-on state</summary>
      <pre>${settings}</pre>
    </details>
  </section>`;
}

function statisticsFacts(statistics: RunStatistics, quarantined: number): Fact[] {
  const { measured, events, bytes, truncatedBytes, secondsInAll, secondsInRuns, secondsPerRun } = statistics;
  const dead = secondsInAll > 0 ? Math.max(0, 100 * (1 - secondsInRuns / secondsInAll)) : 0;
  return [
    { name: 'runs on disk', value: `${measured}, ${events} events, ${bytesText(bytes)}` },
    { name: 'quarantined', value: String(quarantined) },
    { name: 'short runs', value: String(statistics.shortRuns) },
    { name: 'measured by a later attempt', value: String(statistics.laterAttempts) },
    { name: 'corrupt halves', value: `${statistics.corruptHalves} in ${statistics.runsWithCorruptHalves} runs` },
    { name: 'cut off at the ends of files', value: bytesText(truncatedBytes) },
    { name: 'measured', value: `${timeText(statistics.firstStart)} – ${timeText(statistics.lastEnd)}` },
    {
      name: 'time',
      value: `${durationText(secondsInAll)}, of which ${dead.toFixed(0)} % between runs; a run takes
 ${durationText(secondsPerRun.median)} (median), ${durationText(secondsPerRun.longest)} at the longest`,
    },
  ];
}

function runList(title: string, rows: readonly (readonly string[])[]): Html | undefined {
  if (rows.length === 0) return undefined;
  const more = rows.length > maxListed ? html`<p class="soft">… and ${rows.length - maxListed} more</p>` : undefined;
  return html`<h4>${title}</h4>
    ${table(['run', 'what'], rows.slice(0, maxListed))}${more}`;
}

export function analysisSection(analysis: AnalysisReport): Html {
  const { name, state, facts, quality, plots, tables, otherFiles, messages } = analysis;
  const failed = state === 'failed' ? html` <span class="badge bad">failed</span>` : undefined;
  return html`<section>
    <h3 id="${anchor('analysis', name)}">
      ${name}${failed}${quality === undefined ? undefined : verdictBadge(quality.verdict)}
    </h3>
    ${quality?.reason === undefined ? undefined : html`<p>${quality.reason}</p>`} ${plots.map(figure)}
    ${tables.map(preview)} ${otherFiles.length === 0 ? undefined : html`<p>${otherFiles.map(fileLink)}</p>`}
    ${
      messages.length === 0
        ? undefined
        : html`<details ${state === 'failed' ? open : undefined}>
            <summary>${messages.length} messages</summary>
            <pre>${messages.join('\n')}</pre>
          </details>`
    }
    ${factList(facts)}
  </section>`;
}

const open = html`open`;

function figure({ name, data }: Picture): Html {
  return html`<figure>
    <img src="${data}" alt="${name}" />
    <figcaption>${name}</figcaption>
  </figure>`;
}

function preview({ name, columns, rows, total }: TablePreview): Html {
  const shown = total > rows.length ? `first ${rows.length} of ${total} rows` : `${total} rows`;
  return html`<details>
    <summary>${name} (${shown})</summary>
    <div class="scroll">${table(columns, rows)}</div>
  </details>`;
}

export function calibrationSection({ lineage, text }: CalibrationReport): Html {
  return html`<ul>
      ${lineage.map((line) => html`<li>${line}</li>`)}
    </ul>
    <details>
      <summary>${scanFiles.calibration}</summary>
      <pre>${text}</pre>
    </details>`;
}
