const longest = 250;

/** JSON with what fits into a line on one, and of tables and what is longer an entry a line. */
export function readableJson(value: unknown): string {
  return `${layout(value, "")}\n`;
}

function layout(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isTable = Array.isArray(value) && typeof value[0] === "object";
  const line = JSON.stringify(value);
  if (indent !== "" && !isTable && line.length <= longest) return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const entries = Array.isArray(value)
    ? value.map((entry) => layout(entry, inner))
    : Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .map(([key, entry]) => `${JSON.stringify(key)}: ${layout(entry, inner)}`);
  return `${open}\n${entries.map((entry) => inner + entry).join(",\n")}\n${indent}${close}`;
}
