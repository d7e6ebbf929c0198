import { UsageError } from "../errors.js";

/** A share that must stay below one: a momentum or a decay rate of a running mean. */
export function requireShare(where: string, value: number): number {
  if (!(value >= 0 && value < 1)) {
    throw new UsageError(`${where} is ${value}; it must be at least 0 and below 1.`);
  }
  return value;
}

export function requirePositive(where: string, value: number): number {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new UsageError(`${where} is ${value}; it must be a finite number above 0.`);
  }
  return value;
}

export function requireNotNegative(where: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new UsageError(`${where} is ${value}; it must be a finite number, 0 or more.`);
  }
  return value;
}
