// Sorts what the library exports into pages by what it is for: typedoc alone would make one page an entry point.
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  type Application,
  Comment,
  type CommentDisplayPart,
  Converter,
  DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
  Renderer,
} from "typedoc";

interface Page {
  readonly name: string;
  readonly about: string;
  /** What starts the paths, below dist, of the files whose names stand here; the first page that fits has them. */
  readonly paths: readonly string[];
}

const pages: readonly Page[] = [
  {
    name: "model",
    about: "A model, how it trains and what it tells meanwhile.",
    paths: ["node/node-model", "core/training", "core/loss"],
  },
  {
    name: "layers",
    about: "What models are made of, and the graphs that layers form.",
    paths: ["core/layers", "core/graph"],
  },
  { name: "optimizers", about: "How weights move along their gradients.", paths: ["core/optimizers"] },
  { name: "schedules", about: "Learning rates for each step.", paths: ["core/schedules"] },
  {
    name: "data",
    about: "Data sets: what they are, reading, splitting and varying them.",
    paths: ["core/data", "node/data"],
  },
  { name: "evaluation", about: "How good predictions are.", paths: ["core/metrics"] },
  {
    name: "files",
    about: "Model files, checkpoints and safetensors as bytes.",
    paths: ["core/formats", "core/named-tensor"],
  },
  {
    name: "runs",
    about: "Trainings that are kept whole, can be killed and go on.",
    paths: ["node/run", "node/disk-store", "run/"],
  },
  {
    name: "named-models",
    about: "The models that have names: the paper's five, and others.",
    paths: ["core/models"],
  },
  {
    name: "recipes",
    about: "Settings that belong together, with what they came to: see [recipes](../recipes.md).",
    paths: ["recipes/"],
  },
  {
    name: "platforms",
    about: "Where models run, what else could run them, and the errors that everything throws.",
    paths: [""],
  },
];

const introduction =
  "# Reference\n\nEverything that the library exports, by what it is for. Read the [guide](../guide.md) first. " +
  "`npm run reference` writes these pages from the doc comments.";

/** Entry points that give everything of `heddle/core`: only what they have of their own is shown, on a page each. */
const others: readonly Page[] = [
  {
    name: "core",
    about:
      'What `import … from "heddle/core"` has in place of Node\'s: the same models, on a platform of your own. All else there is as on the other pages.',
    paths: [],
  },
  {
    name: "run",
    about:
      'What `import … from "heddle/run"` has in place of Node\'s: the same runs, in any store. All else there is as on the other pages.',
    paths: [],
  },
  {
    name: "web",
    about:
      'What `import … from "heddle/web"` adds to `heddle/core`: models in a page. All else there is as on the other pages.',
    paths: [],
  },
  {
    name: "onnx",
    about: 'What `import … from "heddle/onnx"` has: classifiers of other libraries, from ONNX files.',
    paths: [],
  },
  {
    name: "serve",
    about: 'What `import … from "heddle/serve"` has: models over HTTP.',
    paths: [],
  },
  {
    name: "sweep",
    about:
      'What `import … from "heddle/sweep"` has: many settings against each other, chosen by the images that validate.',
    paths: [],
  },
];

export function load(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => sortIntoPages(project));
  // What a class has from another is told in its place, without a word on where it is written.
  app.converter.on(Converter.EVENT_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      const heir = reflection as DeclarationReflection;
      delete heir.inheritedFrom;
      delete heir.overwrites;
    }
  });
  // The first page has all that typedoc would list here again.
  app.renderer.on(Renderer.EVENT_END, ({ outputDirectory }) => rmSync(join(outputDirectory, "modules.md")));
}

function sortIntoPages(project: ProjectReflection): void {
  const made = new Map<string, DeclarationReflection>();
  for (const entry of [...(project.children ?? [])]) {
    const own = others.find(({ name }) => name === entry.name);
    for (const child of [...(entry.children ?? [])]) {
      if (child.kind === ReflectionKind.Reference) continue;
      const path = project.getSymbolIdFromReflection(child)?.packagePath.replace(/^dist\//, "") ?? "";
      const page = own ?? pages.find(({ paths }) => paths.some((start) => path.startsWith(start)))!;
      const home = made.get(page.name) ?? makePage(project, page);
      made.set(page.name, home);
      entry.removeChild(child);
      child.parent = home;
      home.addChild(child);
      leaveOutInherited(child);
    }
    project.removeReflection(entry);
  }
  const order = [...pages, ...others].map(({ name }) => name);
  project.children?.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  project.readme = [
    { kind: "text", text: introduction },
    ...project.children!.flatMap((page) => contents(page as DeclarationReflection)),
  ];
}

function makePage(project: ProjectReflection, { name, about }: Page): DeclarationReflection {
  const page = new DeclarationReflection(name, ReflectionKind.Module, project);
  page.comment = new Comment([{ kind: "text", text: about }]);
  project.registerReflection(page, undefined, undefined);
  project.addChild(page);
  return page;
}

/** The layer that a factory makes is a layer by a name of its own: `Layer` tells its members. */
function leaveOutInherited(child: DeclarationReflection): void {
  const { kind, children = [], signatures = [], typeParameters } = child;
  if (kind !== ReflectionKind.Interface || signatures.length === 0 || typeParameters) return;
  for (const member of [...children, ...signatures]) child.project.removeReflection(member);
  delete child.children;
  delete child.signatures;
  delete child.groups;
  delete child.extendedTypes;
}

/** A line of the first page: what a page holds, each name linked. */
function contents(page: DeclarationReflection): CommentDisplayPart[] {
  const text = (words: string): CommentDisplayPart => ({ kind: "text", text: words });
  const link = (target: DeclarationReflection): CommentDisplayPart => ({
    kind: "inline-tag",
    tag: "@link",
    text: target.name,
    target,
  });
  const names = (page.children ?? []).flatMap((child, index) => [text(index === 0 ? "" : ", "), link(child)]);
  return [text("\n\n## "), link(page), text(`\n\n${page.comment!.summary[0].text}\n\n`), ...names];
}
