// The page's own script. It is inlined as it is compiled, so it imports nothing; without it the page has everything
// but live charts, sorting and the choice of ground.

/** As much of ECharts as is asked of it. */
interface LiveChart {
  setOption(option: object): void;
  resize(): void;
  dispatchAction(action: { type: string; name: string }): void;
}

declare const echarts:
  | { init(element: HTMLElement, theme: null, options: { renderer: "svg"; height: number }): LiveChart }
  | undefined;

/** A value on hover: as many digits as tell it from its neighbours, no more. */
function shown(value: unknown, unit: string): string {
  if (Array.isArray(value)) return shown(value[1], unit);
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  const digits = value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(3) : String(+value.toFixed(4));
  return unit === "" ? digits : `${digits} ${unit}`;
}

function makeLive(figure: HTMLElement): void {
  const live = figure.querySelector<HTMLElement>(".live");
  const data = figure.querySelector("script");
  if (typeof echarts === "undefined" || !live || !data) return;
  live.hidden = false;
  figure.classList.add("is-live");
  const chart = echarts.init(live, null, { renderer: "svg", height: Number(live.dataset.height) });
  const option = JSON.parse(data.textContent ?? "{}");
  const axes: { name?: string }[] = [option.xAxis].flat();
  option.tooltip.valueFormatter = (value: unknown) => shown(value, live.dataset.unit ?? "");
  option.tooltip.axisPointer.label.formatter = ({
    value,
    axisIndex,
  }: {
    value: unknown;
    axisIndex: number;
  }) => `${axes[axisIndex].name ?? ""} ${typeof value === "string" ? value : shown(value, "")}`;
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(live);
  for (const entry of figure.querySelectorAll<HTMLElement>(".entry")) makeToggle(entry, chart);
}

/** A name in the legend becomes a button that hides and shows its series. */
function makeToggle(entry: HTMLElement, chart: LiveChart): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = entry.className;
  button.setAttribute("aria-pressed", "true");
  button.append(...entry.childNodes);
  button.addEventListener("click", () => {
    chart.dispatchAction({ type: "legendToggleSelect", name: entry.dataset.series ?? "" });
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  });
  entry.replaceWith(button);
}

/** Numbers by their value, words by the alphabet; what has no number stays last either way. */
function compareCells(a: HTMLElement, b: HTMLElement, numeric: boolean, direction: number): number {
  if (!numeric) return direction * (a.textContent ?? "").localeCompare(b.textContent ?? "", "en");
  const [x, y] = [a, b].map(({ dataset, textContent }) =>
    Number.parseFloat(dataset.value ?? textContent ?? ""),
  );
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  return direction * (x - y);
}

function makeSortable(table: HTMLTableElement): void {
  const headers = [...table.querySelectorAll<HTMLElement>("th[data-column]")];
  const body = table.tBodies[0];
  if (body.rows.length < 2) return;
  for (const header of headers) {
    const numeric = header.classList.contains("number");
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      // Greatest first where there are numbers, then turned round with every click.
      const before = header.getAttribute("aria-sort");
      const descending = before === null ? numeric : before === "ascending";
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const column = Number(header.dataset.column);
      const rows = [...body.rows].sort((a, b) =>
        compareCells(a.cells[column], b.cells[column], numeric, descending ? -1 : 1),
      );
      body.append(...rows);
    });
  }
}

function makeGroundToggle(button: HTMLElement): void {
  const root = document.documentElement;
  const isDark = () =>
    (root.dataset.ground ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";
  const label = () => {
    button.textContent = isDark() ? "Light mode" : "Dark mode";
  };
  button.hidden = false;
  label();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.ground = isDark() ? "light" : "dark";
    label();
  });
}

for (const figure of document.querySelectorAll<HTMLElement>("figure.chart")) makeLive(figure);
for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) makeSortable(table);
for (const button of document.querySelectorAll<HTMLElement>("button.ground")) makeGroundToggle(button);

export {};
