import { describe } from "node:test";
import { memoryStore } from "./memory-store.js";
import { storeContract } from "./testing/store-contract.js";

describe("a store in memory", () => {
  storeContract(async () => memoryStore("memory").within("outer").within("store"));
});
