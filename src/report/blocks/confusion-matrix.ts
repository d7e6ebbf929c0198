import { percent } from "../../core/words.js";
import { type Html, html } from "../html.js";
import type { JudgedRun } from "./class-table.js";

/**
 * The confusion matrix as a table: a row a true class, a column a predicted one, counts. A cell's ground says its
 * share of the row: right answers in one hue, mistakes in another, drawn by the root of the share so that rare
 * mistakes show.
 */
export function confusionMatrix({ name, evaluation }: JudgedRun, id = "confusion"): Html {
  const { classes, confusion } = evaluation;
  const row = (counts: readonly number[], label: number): Html => {
    const { name: truth, support } = classes[label];
    const cells = counts.map((count, predicted) => {
      const share = support === 0 ? 0 : count / support;
      const right = label === predicted;
      const words = `${truth} taken for ${right ? "what it is" : classes[predicted].name}: ${count} of ${support}, ${percent(share, 1)}`;
      const heat = Math.round(100 * Math.sqrt(share));
      return html`<td class="${right ? "right" : "wrong"}" style="--heat-share:${heat}%" title="${words}">${count === 0 ? html`<span class="muted">0</span>` : count}</td>`;
    });
    return html`<tr>${label === 0 && html`<th scope="rowgroup" rowspan="${classes.length}" class="axis"><span>True class</span></th>`}<th scope="row">${truth}</th>${cells}</tr>
`;
  };
  return html`<figure class="matrix" id="${id}">
<figcaption id="${id}-caption"><strong>Confusion matrix of ${name}</strong> <span>Rows: what an image is. Columns: what it was taken for. The ground grows with the share of its row: right answers on the diagonal in blue, mistakes in orange.</span></figcaption>
<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
<table aria-labelledby="${id}-caption">
<thead><tr><td colspan="2"></td><th scope="colgroup" colspan="${classes.length}" class="axis">Predicted class</th></tr>
<tr><td colspan="2"></td>${classes.map((each) => html`<th scope="col" class="turned"><span>${each.name}</span></th>`)}</tr></thead>
<tbody>${confusion.map(row)}</tbody>
</table>
</div>
</figure>
`;
}
