import { Model, nodePlatform } from "../../node/index.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./training-case.js";

/** The model file that Node makes of the case: what every browser has to make too. */
export async function bytesOfNode(): Promise<number[]> {
  const { seed, threads } = caseOptions;
  const model = new Model(caseGraph(), { seed, platform: nodePlatform });
  await model.compile({ threads }).fit(caseData(), caseFit);
  const bytes = [...(await model.toBytes())];
  await model.dispose();
  return bytes;
}
