/**
 * Names out of a stream of text, as they come: one a line, or each with a NUL behind it, as `find -print0` writes them: whichever its first piece has.
 *
 * @param chunks as UTF-8
 */
export async function* readNames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let separator: string | undefined;
  let rest = "";
  const name = (text: string): string => (separator === "\n" ? text.replace(/\r$/, "") : text);
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    separator ??= rest.includes("\0") ? "\0" : rest.includes("\n") ? "\n" : undefined;
    if (separator === undefined) continue;
    const names = rest.split(separator);
    rest = names.pop() ?? "";
    for (const each of names) if (name(each) !== "") yield name(each);
  }
  rest += decoder.decode();
  if (name(rest) !== "") yield name(rest);
}
