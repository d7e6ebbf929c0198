import { type Html, html, trustedHtml } from "../../report/html.js";

/** What stands in a slot, for each of the two that are written from one text. */
export interface Piece {
  readonly html: Html;
  readonly markdown: string;
  /** Whether it is words, which make a paragraph where they stand alone. */
  readonly inline?: boolean;
}

/** Fills `{{name argument …}}`: with Markdown, or with what each of the two shows in its own way. */
export type FillSlot = (name: string, args: readonly string[]) => string | Piece;

const slot = /\{\{([^{}]+)\}\}/g;

function filled(fill: FillSlot, words: string): string | Piece {
  const [name, ...args] = words.trim().split(/\s+/);
  return fill(name, args);
}

/** Markdown with its slots filled. */
export const filledMarkdown = (text: string, fill: FillSlot): string =>
  text.replace(slot, (_, words: string) => {
    const piece = filled(fill, words);
    return typeof piece === "string" ? piece : piece.markdown;
  });

/**
 * The little of Markdown that the article is written in, as HTML: headings of the third level, paragraphs, lists,
 * tables; code, bold and links within a line. A link to a file of the repository leaves its words: a page that may lie
 * anywhere can't lead there.
 */
export const markdownHtml = (text: string, fill: FillSlot): Html =>
  html`${text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== "")
    .map((block) => html`${blockHtml(block, fill)}\n`)}`;

function blockHtml(block: string, fill: FillSlot): Html {
  const inline = (text: string): Html => inlineHtml(text, fill);
  const lines = block.split("\n");
  const alone = /^\{\{([^{}]+)\}\}$/.exec(block);
  if (alone) {
    const piece = filled(fill, alone[1]);
    if (typeof piece === "string") return markdownHtml(piece, fill);
    return piece.inline ? html`<p>${piece.html}</p>` : piece.html;
  }
  if (block.startsWith("### ")) return html`<h3>${inline(block.slice(4))}</h3>`;
  if (block.startsWith("- "))
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`;
  if (block.startsWith("| ")) {
    const [head, , ...rows] = lines.map((line) =>
      line
        .slice(2)
        .replace(/ ?\|$/, "")
        .split(/ \|(?: |$)/),
    );
    return html`<figure class="table"><div class="scroll" role="region" aria-label="${head.join(", ")}" tabindex="0"><table>
<thead><tr>${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inline(cell)}</td>`)}</tr>\n`)}</tbody>
</table></div></figure>`;
  }
  return html`<p>${inline(block)}</p>`;
}

const marks = /\{\{([^{}]+)\}\}|`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

function inlineHtml(text: string, fill: FillSlot): Html {
  const pieces: Html[] = [];
  let end = 0;
  for (const found of text.matchAll(marks)) {
    const [whole, words, code, bold, linked, address] = found;
    pieces.push(html`${text.slice(end, found.index)}`);
    end = found.index + whole.length;
    if (words !== undefined) {
      const piece = filled(fill, words);
      pieces.push(typeof piece === "string" ? inlineHtml(piece, fill) : piece.html);
    } else if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (bold !== undefined) pieces.push(html`<b>${inlineHtml(bold, fill)}</b>`);
    else if (/^(?:https:|#)/.test(address)) pieces.push(html`<a href="${address}">${linked}</a>`);
    else pieces.push(inlineHtml(linked, fill));
  }
  return trustedHtml([...pieces, html`${text.slice(end)}`].map((piece) => piece.html).join(""));
}
