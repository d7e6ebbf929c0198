// The server's page: a picture goes to the server, its classes and heat map come back. It is inlined as it is compiled, so it
// imports nothing.

interface ListedModel {
  readonly name: string;
  readonly version: string;
  readonly classNames: readonly string[];
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

function say(text: string, bad = false): void {
  status.textContent = text;
  status.className = bad ? "status bad" : "status";
}

const failed = (error: unknown): void =>
  say(error instanceof TypeError ? "The server can't be reached." : (error as Error).message, true);

async function begin(): Promise<void> {
  models = (await (await ask("v1/models")).json()) as ListedModel[];
  select.replaceChildren(...models.map(({ name }) => new Option(name, name)));
  element("choice").hidden = models.length < 2;
  drop.hidden = false;
  element("token-form").hidden = true;
  say("");
  tellModel();
}

function tellModel(): void {
  const model = models.find(({ name }) => name === select.value);
  if (!model) return;
  const { name, version, classNames } = model;
  element("about").textContent = `${name} tells ${classNames.length} classes apart. Version ${version}.`;
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

let last: Blob | undefined;

async function classify(picture: Blob): Promise<void> {
  last = picture;
  const mine = ++turn;
  say("Looking …");
  const model = encodeURIComponent(select.value);
  const response = await ask(`v1/classify?model=${model}&top_k=5`, picture);
  const predictions = (await response.json()) as Prediction[];
  if (mine !== turn) return;
  show(element<HTMLImageElement>("picture"), picture);
  element("classes").replaceChildren(...predictions.map(row));
  element("seen").hidden = true;
  element("found").hidden = false;
  const [best] = predictions;
  say(best.unsure ? `Perhaps ${best.label}: the model is unsure.` : `${best.label}.`);
  const label = encodeURIComponent(best.label);
  const heat = await (await ask(`v1/explain?model=${model}&label=${label}`, picture)).blob();
  if (mine !== turn) return;
  show(element<HTMLImageElement>("heat"), heat);
  element("seen").hidden = false;
}

const take = (files: FileList | null | undefined): void => {
  const picture = [...(files ?? [])].find(({ type }) => type === "" || type.startsWith("image/"));
  if (picture) classify(picture).catch(failed);
};

const file = element<HTMLInputElement>("file");
file.addEventListener("change", () => {
  take(file.files);
  file.value = "";
});
select.addEventListener("change", () => {
  tellModel();
  if (last) classify(last).catch(failed);
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
document.addEventListener("paste", (event) => take(event.clipboardData?.files));
element("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element<HTMLInputElement>("token").value.trim();
  begin().catch(failed);
});
begin().catch(failed);

export {};
