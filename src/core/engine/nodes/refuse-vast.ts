import { HeddleError } from "../../errors.js";
import type { ConvolutionGeometry } from "../../kernels/convolution.js";
import { shapeText } from "../../layers/shape.js";
import { counted } from "../../words.js";

/** @throws HeddleError on a convolution whose program would have more parts than can be made */
export function refuseVast(
  name: string,
  { kernelSize, input }: ConvolutionGeometry,
  parts: number,
  most: number,
): void {
  if (parts <= most) return;
  throw new HeddleError(
    `"${name}" has a kernel of ${shapeText(kernelSize)} over ${shapeText([input.height, input.width])}, which meets ` +
      `the borders in so many ways that its program would be of ${counted(parts)} parts; at most ${counted(most)} can be made. ` +
      "Use a smaller kernelSize or smaller images, or, to look at whole images, flatten() and dense().",
  );
}
