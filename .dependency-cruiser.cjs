/**
 * Imports point one way: scripts, cli → bench, reproduction, sweep, serve → node → recipes, export → report → run → core, node → study → run,
 * export → onnx → core and web → core. What stands right of node, a page can have too. Runs over the built JavaScript; circles of types, which are not there, Biome finds.
 */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-is-free-of-shells",
      severity: "error",
      from: { path: "^dist/core", pathNot: "\\.test\\.js$" },
      to: {
        path: "^dist/(run|recipes|study|report|export|node|web|onnx|serve|sweep|reproduction|bench|cli)",
      },
    },
    {
      name: "core-imports-no-node-and-no-package",
      severity: "error",
      from: { path: "^dist/core", pathNot: "\\.test\\.js$|/testing/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"] },
    },
    {
      name: "assembler-knows-nothing-of-networks",
      severity: "error",
      from: { path: "^dist/core/wasm" },
      to: { path: "^dist/core/", pathNot: "^dist/core/wasm" },
    },
    {
      name: "runs-know-no-shell",
      severity: "error",
      from: { path: "^dist/run", pathNot: "\\.test\\.js$|/testing/" },
      to: { path: "^dist/(recipes|study|report|export|node|serve|sweep|reproduction|bench|cli)" },
    },
    {
      name: "recipes-know-runs-alone",
      severity: "error",
      from: { path: "^dist/recipes", pathNot: "\\.test\\.js$|/testing/" },
      to: { pathNot: "^dist/(recipes|run|core)/" },
    },
    {
      name: "studies-know-runs-alone",
      severity: "error",
      from: { path: "^dist/study", pathNot: "\\.test\\.js$|/testing/" },
      to: { path: "^dist/(?!study|run|core)" },
    },
    {
      name: "report-knows-no-shell",
      severity: "error",
      from: { path: "^dist/report", pathNot: "\\.test\\.js$|/testing/" },
      to: { path: "^dist/(study|export|node|serve|sweep|reproduction|bench|cli)" },
    },
    {
      name: "export-knows-no-shell",
      severity: "error",
      from: { path: "^dist/export", pathNot: "\\.test\\.js$|/testing/" },
      to: { path: "^dist/(study|node|web|serve|sweep|reproduction|bench|cli)" },
    },
    {
      name: "exported-pages-are-bundled-not-imported",
      severity: "error",
      from: { pathNot: "^dist/export/page" },
      to: { path: "^dist/export/page" },
    },
    {
      name: "exported-pages-hold-no-more-than-they-need",
      severity: "error",
      from: { path: "^dist/export/page" },
      to: { pathNot: "^dist/(export/(page|html)|core|report)/" },
    },
    {
      name: "runs-studies-report-and-export-import-no-node",
      severity: "error",
      from: { path: "^dist/(run|study|report|export)", pathNot: "\\.test\\.js$|/testing/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "web-imports-the-core-alone",
      severity: "error",
      from: { path: "^dist/web", pathNot: "\\.test\\.js$|/testing/" },
      to: { pathNot: "^dist/(web|core)/" },
    },
    {
      name: "onnx-imports-the-core-and-its-messages-alone",
      severity: "error",
      from: { path: "^dist/onnx", pathNot: "\\.test\\.js$|/testing/" },
      to: { pathNot: "^dist/(onnx|core)/|(^|/)(onnx-buf|@bufbuild/protobuf)(/|$)" },
    },
    {
      name: "onnx-is-for-commands-and-who-asks-for-it",
      severity: "error",
      from: { path: "^dist/(run|study|report|node|web|serve|sweep|reproduction)", pathNot: "\\.test\\.js$" },
      to: { path: "^dist/onnx" },
    },
    {
      name: "nothing-imports-the-web",
      severity: "error",
      from: { pathNot: "^dist/web" },
      to: { path: "^dist/web" },
    },
    ...Object.entries({
      plan: "jobs|nodes|lower|threads|program",
      jobs: "nodes|lower|threads|program",
      nodes: "lower|threads|program",
      lower: "threads|program",
      threads: "plan|jobs|nodes|lower|program",
    }).map(([room, others]) => ({
      name: `engine-${room}-leans-one-way`,
      severity: "error",
      from: { path: `^dist/core/engine/${room}/`, pathNot: "\\.test\\.js$" },
      to: { path: `^dist/core/engine/(${others})/` },
    })),
    {
      name: "node-imports-no-command",
      severity: "error",
      from: { path: "^dist/node", pathNot: "\\.test\\.js$" },
      to: { path: "^dist/(serve|sweep|reproduction|bench|cli)" },
    },
    {
      name: "sweep-imports-no-other-shell",
      severity: "error",
      from: { path: "^dist/sweep", pathNot: "\\.test\\.js$" },
      to: { path: "^dist/(web|serve|reproduction|bench|cli)" },
    },
    {
      name: "serve-imports-no-other-shell",
      severity: "error",
      from: { path: "^dist/serve", pathNot: "\\.test\\.js$" },
      to: { path: "^dist/(web|sweep|reproduction|bench|cli)" },
    },
    {
      name: "only-serve-imports-what-serves",
      severity: "error",
      from: { pathNot: "^dist/serve|^node_modules" },
      to: { path: "(^|/)node_modules/(hono|hono-openapi|@hono)/" },
    },
    {
      name: "nothing-imports-the-command-line",
      severity: "error",
      from: { pathNot: "^dist/cli" },
      to: { path: "^dist/cli" },
    },
    {
      name: "nothing-imports-the-scripts",
      severity: "error",
      from: { pathNot: "^dist/scripts" },
      to: { path: "^dist/scripts" },
    },
    {
      name: "no-test-imported",
      severity: "error",
      from: { pathNot: "\\.test\\.js$|/testing/" },
      to: { path: "\\.test\\.js$|/testing/" },
    },
  ],
  options: { doNotFollow: { path: "node_modules" }, exclude: { path: "\\.map$|\\.d\\.ts$" } },
};
