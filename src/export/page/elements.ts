/** What the page has under an id. */
export const element = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

/** An element with a class and what stands in it; text stays text. */
export function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...content);
  return element;
}

/** A name from outside, which is written in its own direction among words of another. */
export const isolated = (name: string, className = ""): HTMLElement => made("bdi", className, name);

/** Whether a button waits for what it was pressed for. */
export const isBusy = (button: HTMLButtonElement): boolean => button.getAttribute("aria-disabled") === "true";

/** Has a button wait: unlike a disabled one it keeps the keyboard's place. */
export const setBusy = (button: HTMLButtonElement, busy: boolean): void =>
  button.setAttribute("aria-disabled", String(busy));
