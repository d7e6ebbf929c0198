import { markdownTable, milliseconds, newestBenches } from "./results.mjs";

const vectors = { avx2: "AVX2", avx512: "AVX-512" };

/** One table for each kind of processor: training steps beside PyTorch's, its faster layout. */
export function benchSection(root) {
  const benches = newestBenches();
  if (benches.length === 0) return "_Not measured yet: `node bench/rivals.mjs` writes the figures._";
  return benches.map((bench) => benchTable(bench, root)).join("\n\n");
}

function benchTable({ kind, file, result }, root) {
  const { environment, command, results, rivals } = result;
  const rivalsOf = (ours) =>
    rivals.filter(({ name, threads }) => name === ours.name && threads === ours.threads);
  const rows = results
    .filter((ours) => rivalsOf(ours).length > 0)
    .map((ours) => {
      const [fastest] = rivalsOf(ours).sort((a, b) => b.ratio - a.ratio);
      return [
        `\`${ours.name}\``,
        milliseconds(ours.medianMs),
        `${(100 * ours.ofCeiling).toFixed(0)} %`,
        milliseconds(fastest.medianMs),
        fastest.ratio.toFixed(2),
      ];
    });
  const rival = rivals[0]?.rival ?? "PyTorch";
  const { threads } = results[0];
  return [
    `${environment.processor} (${vectors[kind] ?? kind}), ${threads} threads, Node ${environment.node}:`,
    "",
    markdownTable(
      ["training step", "heddle, ms", "of the ceiling", `${rival}, ms`, "time, heddle ÷ PyTorch"],
      rows,
    ),
    "",
    `Medians of ${results[0].rounds.length} interleaved rounds, PyTorch in the faster of its layouts; \`${command}\` → [${file}](${root}results/${file}).`,
  ].join("\n");
}
