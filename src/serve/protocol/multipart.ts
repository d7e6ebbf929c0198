import { HttpError } from "../http/http-error.js";

/** A part of a form: a file, or a field. */
export interface FormPart {
  readonly name: string;
  readonly content: Buffer;
}

const mostHead = 8192;
const lineEnd = Buffer.from("\r\n");
const headEnd = Buffer.from("\r\n\r\n");

/**
 * The parts of a `multipart/form-data` body (RFC 7578), as they lie in it: nothing is copied.
 *
 * @param contentType with the boundary
 * @param mostParts how many may be there
 * @throws HttpError 400 on what is none, is cut off, or has more parts
 */
export function readMultipart(body: Buffer, contentType: string, mostParts: number): FormPart[] {
  const delimiter = Buffer.from(`--${boundaryOf(contentType)}`);
  const parts: FormPart[] = [];
  let at = begin(body, delimiter);
  for (;;) {
    // Behind a delimiter stands "--" where it is the last, else spaces and the line's end.
    if (body[at] === 45 && body[at + 1] === 45) return parts;
    const head = body.indexOf(lineEnd, at);
    if (head === -1 || body.subarray(at, head).some((byte) => byte !== 32 && byte !== 9)) throw cutOff();
    if (parts.length === mostParts) throw bad(`the form has more parts than the ${mostParts} that are taken`);
    const contentStart = body.indexOf(headEnd, head);
    if (contentStart === -1 || contentStart - head > mostHead) throw cutOff();
    const name = nameOf(body.toString("utf8", head + 2, contentStart));
    const end = delimited(body, delimiter, contentStart + 2);
    const from = Math.min(contentStart + 4, end);
    parts.push({ name, content: body.subarray(from, end) });
    at = end + 2 + delimiter.length;
  }
}

/** Where the first delimiter ends; what stands before it is nobody's. */
function begin(body: Buffer, delimiter: Buffer): number {
  const first = body.indexOf(delimiter);
  if (first === -1) throw cutOff();
  if (first === 0 || (body[first - 2] === 13 && body[first - 1] === 10)) return first + delimiter.length;
  return delimited(body, delimiter, first) + 2 + delimiter.length;
}

/** Where the line's end before the next delimiter stands. */
function delimited(body: Buffer, delimiter: Buffer, from: number): number {
  const found = body.indexOf(Buffer.concat([lineEnd, delimiter]), from);
  if (found === -1) throw cutOff();
  return found;
}

function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/iu.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary !== undefined) return boundary;
  throw bad("its Content-Type names no boundary of the form's parts");
}

function nameOf(head: string): string {
  const disposition = /^content-disposition:\s*form-data\b(.*)$/imu.exec(head)?.[1];
  const name =
    disposition === undefined ? undefined : /;\s*name=(?:"([^"]*)"|([^\s;"]+))/iu.exec(disposition);
  if (name) return name[1] ?? name[2];
  throw bad("a part of the form has no name");
}

const cutOff = (): HttpError =>
  bad("the form is cut off, or its parts are not delimited as its Content-Type says");
const bad = (what: string): HttpError => new HttpError(400, `The request can't be answered: ${what}.`);
