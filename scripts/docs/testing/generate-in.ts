import { generateDocuments } from "../generate.js";

/** What the documents' generator comes to in a folder, in this process: sooner than the command, of the same result. */
export async function generateIn(
  folder: string,
  check?: "--check",
): Promise<{ readonly code: number; readonly output: string }> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await generateDocuments(check !== undefined);
  } catch (error) {
    return { code: 1, output: `${(error as Error).message}\n` };
  } finally {
    process.chdir(before);
  }
}
