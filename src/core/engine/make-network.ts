import { UsageError } from "../errors.js";
import { received } from "../options/index.js";
import type { CreateNetwork, Network, NetworkOptions } from "./network.js";

/** What whoever makes a network of their own can't leave out. */
const methods = ["writeParameters", "setNormalization", "predict", "close"] as const;

/** The network that somebody makes. @throws UsageError where it is none */
export async function makeNetwork(create: CreateNetwork, options: NetworkOptions): Promise<Network> {
  const made: unknown = await create(options);
  const parts = Object(made) as Partial<Record<string, unknown>>;
  if (methods.every((name) => typeof parts[name] === "function")) return made as Network;
  throw new UsageError(
    `createNetwork gave ${received(made)}: expected a network with ${methods.join(", ")} and the rest of Network.`,
  );
}
