import { durationText } from '../quantities.js';
import { html, type Html } from './html.js';
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

/** A page that a browser loads again every `refresh` seconds. */
export function renderLivePage(title: string, measurements: readonly LiveMeasurement[], refresh: number): string {
  const body = html`<h1>${title}</h1>
    <p class="soft">so far; loaded again every ${refresh} s</p>
    ${measurements.length === 0 ? html`<p>nothing measured yet</p>` : measurements.map(section)}`;
  return renderPage(title, body, refresh);
}

function section({ name, planned, measured, processed, corruptHalves, secondsPerRun, plot }: LiveMeasurement): Html {
  const left = planned > measured ? `, about ${durationText((planned - measured) * secondsPerRun)} left` : '';
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
