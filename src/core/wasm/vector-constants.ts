/*
 * V8 makes a vector constant anew, in four or five instructions, wherever it stands: in a loop every time. So a function
 * makes each of its constants once, before anything else. In the bytes of an expression a constant is one number that is
 * no byte, for which the function that it is written into puts a variable.
 */

const firstNumber = 256;

const numbers = new Map<string, number>();
const vectors: (readonly number[])[] = [];

/** The number that stands for sixteen bytes. */
export function vectorConstant(bytes: readonly number[]): number {
  const key = bytes.join();
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = firstNumber + vectors.length;
  vectors.push(bytes);
  numbers.set(key, number);
  return number;
}

/** Whether it stands for a constant. */
export const isVectorConstant = (number: number): boolean => number >= firstNumber;

/** The sixteen bytes. */
export const constantBytes = (number: number): readonly number[] => vectors[number - firstNumber];
