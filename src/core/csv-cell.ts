/** Text as a cell of a CSV table (RFC 4180): in quotes where it has to be. */
export const csvCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The same of text that anybody may have chosen, such as a file's name: a spreadsheet takes what begins as a formula does
 * for one, so a quote goes before it.
 */
export const csvNameCell = (text: string): string => csvCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
