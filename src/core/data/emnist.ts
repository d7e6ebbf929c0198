/** Letters whose two forms EMNIST takes for one class where it merges them. */
const mergedLetters = "CIJKLMOPSUVWXYZ";
const digits = "0123456789";
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const smallLetters = capitals.toLowerCase();
/** Small letters that differ from their capitals enough to be classes of their own. */
const ownSmallLetters = [...smallLetters].filter((letter) => !mergedLetters.includes(letter.toUpperCase()));

/** What EMNIST's six divisions (Cohen, Afshar, Tapson and van Schaik 2017) call their labels, where no mapping lies beside. */
const divisions: Readonly<Record<string, readonly string[]>> = {
  byclass: [...digits, ...capitals, ...smallLetters],
  bymerge: [...digits, ...capitals, ...ownSmallLetters],
  balanced: [...digits, ...capitals, ...ownSmallLetters],
  // Counted from 1.
  letters: ["", ...[...capitals].map((letter) => letter + letter.toLowerCase())],
  digits: [...digits],
  mnist: [...digits],
};

/** The division of EMNIST that a file's name tells: `emnist-letters-train-images-idx3-ubyte` is of letters. */
export function emnistDivision(name: string): string | undefined {
  const division = /emnist[-_](?<division>[a-z]+)/i.exec(name)?.groups?.division.toLowerCase();
  return division !== undefined && Object.hasOwn(divisions, division) ? division : undefined;
}

/** The name of each label; a label that has none is the empty text, or beyond them. */
export const emnistNames = (division: string): readonly string[] => divisions[division];

/**
 * The names that a mapping gives its labels: lines of a label and the codes of its characters, `10 65`, or `1 65 97`.
 * Undefined where it is something else.
 */
export function parseEmnistMapping(text: string): ReadonlyMap<string, string> | undefined {
  const names = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [label, ...codes] = line.trim().split(/\s+/);
    if (![label, ...codes].every((number) => /^\d{1,5}$/.test(number)) || codes.length === 0)
      return undefined;
    names.set(String(Number(label)), String.fromCodePoint(...codes.map(Number)));
  }
  return names;
}

/** Kuzushiji's table of labels: `index,codepoint,char`. Undefined where it is something else. */
export function parseClassMap(text: string): ReadonlyMap<string, string> | undefined {
  const [header, ...lines] = text.split(/\r?\n/);
  if (!/^\W?index,codepoint,char$/.test(header.trim())) return undefined;
  const names = new Map<string, string>();
  for (const line of lines) {
    const [index, , character] = line.split(",");
    if (/^\d{1,5}$/.test(index) && character) names.set(String(Number(index)), character.trim());
  }
  return names;
}

/** EMNIST's images lie on their side: rows and columns are exchanged, in a new array. */
export function transposed(images: Uint8Array, [height, width, channels]: readonly number[]): Uint8Array {
  const turned = new Uint8Array(images.length);
  const size = height * width * channels;
  for (let first = 0; first < images.length; first += size) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++) {
          turned[first + (column * height + row) * channels + channel] =
            images[first + (row * width + column) * channels + channel];
        }
      }
    }
  }
  return turned;
}
