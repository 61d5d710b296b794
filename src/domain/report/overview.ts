import { anchor, fileLink, html, table, type Html } from './html.js';
import type { BadChannel, Outcome, ReportState, ScanReport } from './model.js';

/** What a report says before all details: how the scan ended, what became of its procedures, which channels are bad. */

const banners: Readonly<Record<ReportState, readonly [string, string]>> = {
  done: ['good', 'done'],
  failed: ['bad', 'failed'],
  aborted: ['warn', 'aborted'],
  open: ['warn', 'not ended: the scan goes on, or was cut short'],
  unknown: ['', ''],
};

/** Channels that are listed before the rest is folded. */
const shownChannels = 24;

export function overview({ state, remarks, outcomes, badChannels }: ScanReport): Html {
  const [colour, text] = banners[state];
  return html`${text === '' ? undefined : html`<p class="banner ${colour}">${text}</p>`}
  ${remarks.map((remark) => html`<p class="remark">${remark}</p>`)} ${outcomeTable(outcomes)}
  ${channelList(badChannels)}`;
}

function outcomeTable(outcomes: readonly Outcome[]): Html | undefined {
  if (outcomes.length === 0) return undefined;
  const rows = outcomes.map((outcome) => [nameCell(outcome), stateCell(outcome), outcome.text, fileCell(outcome)]);
  return html`<div class="stack">${table(['procedure', 'state', '', 'files'], rows)}</div>`;
}

function nameCell({ name, type, detailed }: Outcome): Html {
  return detailed ? html`<a href="#${anchor(type, name)}">${name}</a>` : html`${name}`;
}

/** Of states that are an end; undefined of what goes on. */
export function stateColour(state: string): string | undefined {
  return { done: 'good', failed: 'bad', aborted: 'warn' }[state];
}

function stateCell({ state, quality, answer }: Outcome): Html {
  const colour = stateColour(state);
  const badge = colour === undefined ? html`${state}` : html`<span class="badge ${colour}">${state}</span>`;
  const said = answer === undefined ? undefined : html`<br /><span class="soft">${answer}</span>`;
  return html`${badge}${quality === undefined ? undefined : verdictBadge(quality.verdict)}${said}`;
}

/** What an analysis says of its quality. */
export function verdictBadge(verdict: 'accept' | 'reject' | 'ask'): Html {
  const colour = { accept: 'good', reject: 'bad', ask: 'warn' }[verdict];
  return html` <span class="badge ${colour}">${verdict}</span>`;
}

function fileCell({ link }: Outcome): Html {
  return link === undefined ? html`` : fileLink(link);
}

function channelList(channels: readonly BadChannel[]): Html | undefined {
  if (channels.length === 0) return undefined;
  const rows = channels.map(({ channel, why, analysis }) => [channel, why, analysis]);
  const list = html`<div class="scroll">${table(['channel', 'what', 'says'], rows)}</div>`;
  const title = `${channels.length} flagged channel${channels.length === 1 ? '' : 's'}`;
  return html`<details ${channels.length <= shownChannels ? html`open` : undefined}>
    <summary>${title}</summary>
    ${list}
  </details>`;
}
