/** A piece of HTML that is safe to put into a page; text becomes one by `html` or `escape` only. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | undefined | readonly Html[];

/** Template tag: what is put in is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.reduce((text, string, i) => text + string + (i < parts.length ? partText(parts[i]) : ''), ''),
  );
}

function partText(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(({ text }) => text).join('\n');
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A table with a header line; numbers are set right. */
export function table(headers: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  const cell = (value: string | Html): Html => {
    const numeric = typeof value === 'string' && /^[-−]?[\d.]+(e[-+]?\d+)?$/.test(value);
    return numeric ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  };
  return html`<table>
    <thead>
      <tr>
        ${headers.map((header) => html`<th>${header}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map(cell)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The place of a section in the page. */
export function anchor(kind: string, name: string): string {
  return `${kind}-${encodeURIComponent(name)}`; // two names never have the same
}

/** To a file beside the report. */
export function fileLink(path: string): Html {
  const address = path.split('/').map(encodeURIComponent).join('/');
  return html` <a href="${address}">${path}</a>`;
}
