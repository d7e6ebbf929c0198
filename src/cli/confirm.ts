import { createInterface } from "node:readline/promises";
import { UsageError } from "../core/errors.js";

/**
 * Asks the person at the terminal, on stderr: anything but y or yes is a no, the end of what is typed too.
 *
 * @param otherwise what goes without a question, for where nobody is there
 * @throws UsageError where stdin is no terminal
 */
export async function confirm(
  question: string,
  { otherwise }: { readonly otherwise: string },
  streams: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream } = {
    input: process.stdin,
    output: process.stderr,
  },
): Promise<boolean> {
  if (!streams.input.isTTY) {
    throw new UsageError(`${question} Nobody can be asked, for stdin is no terminal: ${otherwise}.`);
  }
  const reader = createInterface(streams);
  try {
    const ended = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
    const answer = await Promise.race([reader.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/iu.test(answer.trim());
  } finally {
    reader.close();
  }
}
