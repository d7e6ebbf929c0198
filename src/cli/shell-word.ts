/** A word as it is typed in a shell: in quotes where it has to be. */
export const shellWord = (text: string): string =>
  /^[\w./,:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A file or folder as it is typed in a shell: one that begins with a dash would be taken for an option. */
export const shellPath = (path: string): string => shellWord(path.startsWith("-") ? `./${path}` : path);
