import { type FitEventsOptions, Model, nodePlatform } from "../../node/index.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./training-case.js";

/** The model file that Node makes of the case, fit by fit: what every browser has to make too. */
export async function bytesOfNode(fits: readonly FitEventsOptions[] = [caseFit]): Promise<number[]> {
  const { seed, threads } = caseOptions;
  const model = new Model(caseGraph(), { seed, platform: nodePlatform });
  model.compile({ threads });
  for (const options of fits) await model.fit(caseData(), options);
  const bytes = [...(await model.toBytes())];
  await model.dispose();
  return bytes;
}
