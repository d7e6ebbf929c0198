import { stat } from "node:fs/promises";
import { HeddleError, UsageError } from "../../core/errors.js";
import type { DataKindName } from "../../node/data/kind-names.js";
import { verifyReceipt, verifyRun } from "../../node/verify.js";
import type { Verification } from "../../run/verify/verification.js";
import { interruptible } from "../interruption.js";
import type { Terminal } from "../terminal.js";
import { TrainingProgress } from "../view/progress.js";
import { verificationWords } from "../view/verification-words.js";
import { dataProgressLines } from "./data.js";

export interface VerifyCommandOptions {
  /** Folder of a run, or a receipt. */
  readonly of: string;
  readonly epochs?: number;
  /** Where its images are now. */
  readonly data?: string;
  readonly dataKind?: DataKindName;
  /** Of a receipt: the model file that a run on a body began with. */
  readonly from?: string;
  /** Of a receipt: what a run with a teacher was taught. */
  readonly teacher?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/**
 * Trains a run again and says whether it comes to the same bytes.
 *
 * @throws HeddleError where it does not. @throws InterruptedError after a signal
 */
export async function verifyCommand(options: VerifyCommandOptions, terminal: Terminal): Promise<void> {
  const { of, data, dataKind, epochs, threads, from, teacher, json } = options;
  const isReceipt = await isFile(of);
  if (from !== undefined && !isReceipt) {
    throw new UsageError(
      `--from goes with a receipt, and ${of} is no file: a run's folder has the weights that it began with.`,
    );
  }
  if (teacher !== undefined && !isReceipt) {
    throw new UsageError(
      `--teacher goes with a receipt, and ${of} is no file: a run's folder has what its teacher said.`,
    );
  }
  const progress = new TrainingProgress(terminal);
  const onProgress = dataProgressLines(terminal);
  const loading = { onProgress, ...(dataKind && { kind: dataKind }) };
  const work = (signal: AbortSignal): Promise<Verification> => {
    const common = { data, epochs, threads, signal, loading, onEvent: progress.show.bind(progress) };
    terminal.stderr(`Training ${of} again …`);
    return isReceipt
      ? verifyReceipt({ ...common, file: of, first: from, teacher })
      : verifyRun({ ...common, folder: of });
  };
  const whereItStands = (result?: Verification): string | undefined =>
    result ? undefined : `Interrupted: nothing is said of ${of}, and it is as it was.`;
  const verification = await interruptible({ work, tell: terminal.stderr, whereItStands });
  terminal.stdout(json ? JSON.stringify(verification) : verificationWords(verification).join("\n"));
  if (verification.identical) return;
  throw new HeddleError(`${of} did not come out again as it is recorded.`);
}

/** What isn't there is told by whoever reads it. */
const isFile = async (place: string): Promise<boolean> =>
  (await stat(place).catch(() => undefined))?.isFile() ?? false;
