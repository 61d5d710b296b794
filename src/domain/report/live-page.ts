import { durationText } from '../quantities.js';
import { html, table, type Html } from './html.js';
import { stateColour } from './overview.js';
import type { Picture } from './model.js';
import { renderPage } from './page.js';

/** A measurement as far as it is by now. */
export interface LiveMeasurement {
  readonly name: string;
  /** Runs planned; 0 where that is not known. */
  readonly planned: number;
  readonly measured: number;
  readonly processed: number;
  readonly corruptHalves: number;
  readonly secondsPerRun: number;
  readonly plot: Picture | undefined;
}

/** What the scan does, in the words of every other screen. */
export interface LiveState {
  readonly phase: string;
  /** What it waits for, and what ends that; empty where it waits for nothing. */
  readonly waiting: string;
  readonly remedy: string;
  readonly procedures: readonly { readonly name: string; readonly state: string; readonly text: string }[];
}

export interface LivePage {
  readonly title: string;
  /** Undefined where nothing is known but the folder. */
  readonly state: LiveState | undefined;
  readonly measurements: readonly LiveMeasurement[];
}

/** A page that a browser loads again every `refresh` seconds. */
export function renderLivePage({ title, state, measurements }: LivePage, refresh: number): string {
  const body = html`<h1>${title}</h1>
    <p class="soft">so far; loaded again every ${refresh} s</p>
    ${state && overview(state)}
    ${measurements.length === 0 ? html`<p>nothing measured yet</p>` : measurements.map((each) => section(each, isMoving(state)))}`;
  return renderPage(title, body, refresh);
}

function overview({ phase, waiting, remedy, procedures }: LiveState): Html {
  const colour = waiting === '' ? (stateColour(phase) ?? 'plain') : 'warn';
  const rows = procedures.map(({ name, state, text }) => [name, state, text]);
  return html`<p class="banner ${colour}">${phase}${waiting === '' ? '' : `: ${waiting}`}</p>
    ${remedy === '' ? undefined : html`<p>${remedy}</p>`}
    ${rows.length === 0 ? undefined : table(['procedure', 'state', ''], rows)}`;
}

/** What waits, or is over, does not come nearer to its end. */
function isMoving(state: LiveState | undefined): boolean {
  return state === undefined || (state.waiting === '' && stateColour(state.phase) === undefined);
}

function section(measurement: LiveMeasurement, moves: boolean): Html {
  const { name, planned, measured, processed, corruptHalves, secondsPerRun, plot } = measurement;
  const left = moves && planned > measured ? `, about ${durationText((planned - measured) * secondsPerRun)} left` : '';
  const bad = corruptHalves > 0 ? html` <span class="badge warn">${corruptHalves} corrupt halves</span>` : undefined;
  const picture =
    plot &&
    html`<figure>
      <img src="${plot.data}" alt="${plot.name}" />
      <figcaption>${plot.name}</figcaption>
    </figure>`;
  return html`<section>
    <h2>${name}${bad}</h2>
    <progress max="${Math.max(planned, measured, 1)}" value="${measured}"></progress>
    <p>${measured} of ${planned === 0 ? '?' : planned} runs measured, ${processed} processed${left}</p>
    ${picture}
  </section>`;
}
