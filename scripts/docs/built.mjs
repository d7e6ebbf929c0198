/** The built library's own parts that the documents are made with, so that nothing is written twice. */
export let built;

export async function loadBuilt() {
  const modules = [
    ...["table2", "table3", "table4", "schedules", "dropout"].map((name) => `reproduction/tables/${name}`),
    "reproduction/results/read-results",
    "reproduction/outputs",
    "reproduction/claims/claims",
    "reproduction/plan/plan",
    "reproduction/plan/protocol",
    "report/settings-words",
    "report/table",
    "report/words",
  ];
  try {
    const loaded = await Promise.all(modules.map((name) => import(`../../dist/${name}.js`)));
    built = Object.assign({}, ...loaded);
  } catch (cause) {
    throw new Error(`The documents need a build: \`npm run build\`. (${cause.message})`, { cause });
  }
}
