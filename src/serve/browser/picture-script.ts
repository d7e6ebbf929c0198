// The server's page: a picture goes to the server, its classes and heat map come back. It is inlined as it is compiled, so it
// imports nothing.

interface ListedModel {
  readonly name: string;
  readonly version: string;
  readonly classNames: readonly string[];
  readonly loss: string;
}

interface Prediction {
  readonly label: string;
  readonly score: number;
  readonly unsure?: true;
}

const element = <Type extends HTMLElement>(id: string): Type => document.getElementById(id) as Type;

const status = element("status");
const select = element<HTMLSelectElement>("model");
const drop = element("drop");
let models: readonly ListedModel[] = [];
let token = "";
/** Counted up with each picture: what comes late for another one is left out. */
let turn = 0;

async function ask(path: string, body?: Blob): Promise<Response> {
  // No header takes another, which fetch would say as if the server were away.
  if (!/^[!-~]*$/u.test(token)) {
    element("token-form").hidden = false;
    throw new Error("The token has a character that none has, such as a curly quote: type it again.");
  }
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: {
      ...(token !== "" && { Authorization: `Bearer ${token}` }),
      ...(body && { "Content-Type": "application/octet-stream" }),
    },
    ...(body && { body }),
  });
  if (response.ok) return response;
  const words = await response.json().then(
    ({ error }: { error?: string }) => error,
    () => undefined,
  );
  if (response.status === 401) element("token-form").hidden = false;
  throw new Error(words ?? `The server answered ${response.status}.`);
}

function say(words: readonly (string | Node)[], bad = false): void {
  status.replaceChildren(...words);
  status.className = bad ? "status bad" : "status";
}

const wordsOf = (error: unknown): string =>
  error instanceof TypeError ? "The server can't be reached." : (error as Error).message;

const failed = (error: unknown): void => say([wordsOf(error)], true);

async function begin(): Promise<void> {
  models = (await (await ask("v1/models")).json()) as ListedModel[];
  select.replaceChildren(...models.map(({ name }) => new Option(name, name)));
  element("choice").hidden = models.length < 2;
  drop.hidden = false;
  element("token-form").hidden = true;
  say([]);
  tellModel();
}

const chosen = (): ListedModel | undefined => models.find(({ name }) => name === select.value);

/** Whether a picture may have any number of a model's classes. */
const hasLabels = (model: ListedModel | undefined): boolean => model?.loss === "binaryCrossEntropy";

function tellModel(): void {
  const model = chosen();
  if (!model) return;
  const { name, version, classNames } = model;
  const does = hasLabels(model)
    ? `says of ${classNames.length} classes how likely a picture has each`
    : `tells ${classNames.length} classes apart`;
  element("about").textContent = `${name} ${does}. Version ${version}.`;
}

const shownUrls = new Map<HTMLImageElement, string>();

function show(image: HTMLImageElement, content: Blob): void {
  const before = shownUrls.get(image);
  if (before !== undefined) URL.revokeObjectURL(before);
  const url = URL.createObjectURL(content);
  shownUrls.set(image, url);
  image.src = url;
}

function row({ label, score }: Prediction): HTMLTableRowElement {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.dir = "auto";
  head.textContent = label;
  const number = document.createElement("td");
  number.className = "number";
  number.textContent = `${(100 * score).toFixed(1)}\u00a0%`;
  const bar = document.createElement("td");
  const meter = document.createElement("meter");
  meter.value = score;
  bar.append(meter);
  line.append(head, number, bar);
  return line;
}

/** A name that is written in its own direction among words of another. */
function isolated(name: string): HTMLElement {
  const place = document.createElement("bdi");
  place.textContent = name;
  return place;
}

function verdict(labels: readonly Prediction[]): readonly (string | Node)[] {
  if (labels.length === 0) return ["None of them."];
  const names = labels.flatMap(({ label }, index) => [index > 0 ? ", " : "", isolated(label)]);
  return labels[0].unsure ? ["Perhaps ", ...names, ": the model is unsure."] : [...names, "."];
}

/** Classes that are told of a picture, and more only where it has more labels. */
const told = 5;

let last: Blob | undefined;

/** @param note stands before what is said of the picture */
async function classify(picture: Blob, note = ""): Promise<void> {
  last = picture;
  const mine = ++turn;
  const isLate = (): boolean => mine !== turn;
  say([note, "Looking …"]);
  try {
    const named = await name(picture, note, isLate);
    if (named) await explain(picture, named, isLate);
  } catch (error) {
    if (!isLate()) failed(error);
  }
}

/** Of a picture. */
interface Named {
  /** The most probable class. */
  readonly best: Prediction;
  /** What was said. */
  readonly words: readonly (string | Node)[];
}

/** Says what a picture is. @returns undefined where it comes late */
async function name(picture: Blob, note: string, isLate: () => boolean): Promise<Named | undefined> {
  const model = chosen();
  const top = hasLabels(model) ? model!.classNames.length : told;
  const response = await ask(`v1/classify?model=${encodeURIComponent(select.value)}&top_k=${top}`, picture);
  const predictions = (await response.json()) as Prediction[];
  if (isLate()) return undefined;
  const labels = hasLabels(model) ? predictions.filter(({ score }) => score >= 0.5) : predictions.slice(0, 1);
  show(element<HTMLImageElement>("picture"), picture);
  element("classes").replaceChildren(...predictions.slice(0, Math.max(told, labels.length)).map(row));
  element("seen").hidden = true;
  element("found").hidden = false;
  const words = [note, ...verdict(labels)];
  say(words);
  return { best: predictions[0], words };
}

/** Shows where a class is seen, or says beside what the picture is why it can't be shown. */
async function explain(picture: Blob, { best, words }: Named, isLate: () => boolean): Promise<void> {
  try {
    const { label } = best;
    const query = `model=${encodeURIComponent(select.value)}&label=${encodeURIComponent(label)}`;
    const heat = await (await ask(`v1/explain?${query}`, picture)).blob();
    if (isLate()) return;
    show(element<HTMLImageElement>("heat"), heat);
    element("seen-what").replaceChildren("Where ", isolated(label), " is seen");
    element("seen").hidden = false;
  } catch (error) {
    if (!isLate()) say([...words, ` There is no heat map: ${wordsOf(error)}`]);
  }
}

function take(files: FileList | null | undefined): void {
  const pictures = [...(files ?? [])].filter(({ type }) => type === "" || type.startsWith("image/"));
  if (pictures.length === 0) say(["There is no picture in that."], true);
  else void classify(pictures[0], pictures.length > 1 ? `The first of ${pictures.length} is taken. ` : "");
}

const file = element<HTMLInputElement>("file");
file.addEventListener("change", () => {
  take(file.files);
  file.value = "";
});
select.addEventListener("change", () => {
  tellModel();
  if (last) void classify(last);
});
for (const name of ["dragenter", "dragover"])
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
for (const name of ["dragleave", "drop"])
  document.addEventListener(name, () => drop.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer?.files);
});
document.addEventListener("paste", (event) => {
  if (event.target !== element("token")) take(event.clipboardData?.files);
});
element("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element<HTMLInputElement>("token").value.trim();
  begin().catch(failed);
});
begin().catch(failed);

export {};
