// Put into an opened page by its test: looks at what only a browser knows. It imports nothing.

/** Boxes that scroll by themselves may hold what is wider than the page. */
const scrolling = ".scroll, .static";

function describe(element: Element): string {
  const text = (element.textContent ?? "").trim().slice(0, 40);
  return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${text}`;
}

/** Elements that hold text of their own and are shown to those who see. */
function textElements(): Element[] {
  return [...document.body.querySelectorAll("*")].filter((element) => {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent?.trim() !== "",
    );
    const { width, height } = element.getBoundingClientRect();
    return own && width > 1 && height > 1 && !element.closest("title, desc, script, style");
  });
}

/** Charts without a live picture of some size: at least one line, bar or point in it. */
function undrawn(): string[] {
  return [...document.querySelectorAll("figure.chart")]
    .filter((figure) => {
      const drawing = figure.querySelector(".live svg");
      const paths = [...(drawing?.querySelectorAll("path") ?? [])].filter(
        (path) => path.getTotalLength() > 0,
      );
      const box = drawing?.getBoundingClientRect();
      return !box || box.width < 100 || box.height < 100 || paths.length === 0;
    })
    .map(({ id }) => id);
}

/** Text that begins or ends outside the page's width. */
function overflowing(): string[] {
  const wide = document.scrollingElement!.scrollWidth - innerWidth;
  return [
    ...(wide > 0 ? [`the page, by ${wide} pixels`] : []),
    ...textElements()
      .filter((element) => !element.closest(scrolling))
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1;
      })
      .map(describe),
  ];
}

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;

/** Relative luminance as WCAG 2.2 defines it; undefined where a colour lets through what is behind it. */
function luminance(color: string): number | undefined {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  if (alpha < 255) return undefined;
  const linear = (byte: number): number => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function groundOf(element: Element): number {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const found = luminance(getComputedStyle(at).backgroundColor);
    if (found !== undefined) return found;
  }
  return 1;
}

/** Text with a contrast below 4.5 : 1 (WCAG 2.2, 1.4.3). */
function faint(): string[] {
  return textElements().flatMap((element) => {
    const style = getComputedStyle(element);
    const ink = luminance(element instanceof SVGElement ? style.fill : style.color) ?? 0;
    const ground = groundOf(element);
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    return contrast < 4.5 ? [`${describe(element)}, ${contrast.toFixed(2)} : 1`] : [];
  });
}

export type Inspection = {
  undrawn(): string[];
  overflowing(): string[];
  faint(): string[];
  /** 0 … 1 */
  ground(): number;
};

Object.assign(globalThis, {
  inspection: { undrawn, overflowing, faint, ground: () => groundOf(document.body) } satisfies Inspection,
});
