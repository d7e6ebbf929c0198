/** Where a command's lines go: results to stdout, everything else to stderr. */
export interface CommandOutput {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  /** Whether stderr takes colours. */
  readonly errorColour: boolean;
}
