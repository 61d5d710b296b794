import { anchor, Html, html, table } from './html.js';
import type { ScanReport } from './model.js';
import { overview } from './overview.js';
import { analysisSection, calibrationSection, factList, measurementSection } from './sections.js';
import { style } from './style.js';

/** The report as one HTML page without any reference to other files. */
export function renderReport(report: ScanReport): string {
  const { title, facts, measurements, analyses, calibration, files } = report;
  const link = (kind: string, name: string): Html => html`<li><a href="#${anchor(kind, name)}">${name}</a></li>`;
  const body = html`<header>
      <h1>${title}</h1>
      ${overview(report)} ${factList(facts)}
      <nav>
        <ul>
          ${analyses.map(({ name }) => link('analysis', name))}${measurements.map(({ name }) => link('daq', name))}
        </ul>
      </nav>
    </header>
    <h2>Analyses</h2>
    ${analyses.length === 0 ? html`<p class="soft">none</p>` : analyses.map(analysisSection)}
    <h2>Measurements</h2>
    ${measurements.length === 0 ? html`<p class="soft">none</p>` : measurements.map(measurementSection)}
    <h2>Calibrations</h2>
    ${calibration === undefined ? html`<p class="soft">none were made</p>` : calibrationSection(calibration)}
    <h2>Provenance</h2>
    <details>
      <summary>${files.length} files with their sha256</summary>
      <div class="scroll">
        ${table(
          ['file', 'what', 'sha256'],
          files.map(({ path, what, sha256 }) => [path, what, sha256]),
        )}
      </div>
    </details>`;
  return renderPage(title, body);
}

/** A page around `body`; `refresh` seconds after which a browser loads it again. */
export function renderPage(title: string, body: Html, refresh?: number): string {
  const again = refresh === undefined ? undefined : html`<meta http-equiv="refresh" content="${refresh}" />`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${again}
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
