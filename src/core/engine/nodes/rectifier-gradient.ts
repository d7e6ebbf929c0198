import { emitActivationGradient } from "../../kernels/activation.js";
import type { Rectifier } from "../../kernels/rectifier.js";
import type { Planner } from "../plan/node.js";
import { endOf, sampleAddress, type Tensor } from "../plan/tensor.js";

/** Where a rectifier lets nothing more through, the output's gradient becomes zero. */
export function addRectifierGradient(
  planner: Planner,
  name: string,
  output: Tensor,
  rectifier: Rectifier,
): void {
  const slope = emitActivationGradient(planner.emitter, { kind: rectifier });
  const [values, gradient] = [output.values!, output.gradient!];
  planner.schedule.perSample(`${name} ${rectifier} gradient`, ({ f, sample, scratch }) => {
    const address = f.let(sampleAddress(gradient, sample, scratch));
    f.call(slope, {
      gradient: address,
      end: endOf(address, gradient),
      output: sampleAddress(values, sample, scratch),
    });
  });
}
