import type { Shape } from "../../core/layers/layer.js";
import { slideWindow } from "../../core/layers/window.js";
import type { NodeReader } from "../node-reader.js";

/** How a window of a convolution or a pool moves over an image, [down, across]. */
export interface NodeWindow {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Zeros of each side that windows read. */
  readonly padding: {
    readonly top: number;
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
  };
  /** Places that windows reach beyond those, where the count of windows is rounded up. */
  readonly beyond: readonly [number, number];
}

/** @throws HeddleError on a window of another number of axes, or out of bounds */
export function windowOf(node: NodeReader, input: Shape, kernel: readonly number[] | undefined): NodeWindow {
  const kernelSize = pair(node, "kernel_shape", kernel, 1);
  const strides = pair(node, "strides", node.ints("strides"), 1, 1);
  const dilation = pair(node, "dilations", node.ints("dilations"), 1, 1);
  const auto = node.text("auto_pad", "NOTSET");
  const pads = node.ints("pads") ?? [0, 0, 0, 0];
  if (pads.length !== 4 || pads.some((pad) => pad < 0 || pad > 65_536))
    return node.refuse(`its pads are [${pads.join(", ")}], where four numbers from 0 on are taken`);
  const isCeil = node.int("ceil_mode", 0) === 1;
  const [height, width] = [0, 1].map((axis) => {
    const size = (kernelSize[axis] - 1) * dilation[axis] + 1;
    if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
      const { before, after } = slideWindow(input[axis], size, strides[axis], "same");
      return auto === "SAME_UPPER"
        ? { before, after, beyond: 0 }
        : { before: after, after: before, beyond: 0 };
    }
    if (auto === "VALID") {
      if (isCeil && (input[axis] - size) % strides[axis] !== 0)
        return node.refuse("it has ceil_mode beside auto_pad VALID, which runtimes read in two ways");
      return { before: 0, after: 0, beyond: 0 };
    }
    if (auto !== "NOTSET") return node.refuse(`its auto_pad is "${auto}"`);
    const [before, after] = [pads[axis], pads[axis + 2]];
    const room = input[axis] + before + after - size;
    let windows = isCeil ? Math.ceil(room / strides[axis]) : Math.floor(room / strides[axis]);
    // A window that begins in the padding behind the image is left out, as PyTorch and ONNX Runtime do.
    if (isCeil && windows * strides[axis] >= input[axis] + before) windows--;
    return { before, after, beyond: Math.max(windows * strides[axis] - room, 0) };
  });
  return {
    kernelSize,
    strides,
    dilation,
    padding: { top: height.before, left: width.before, bottom: height.after, right: width.after },
    beyond: [height.beyond, width.beyond],
  };
}

function pair(
  node: NodeReader,
  name: string,
  given: readonly number[] | undefined,
  least: number,
  usual?: number,
): readonly [number, number] {
  if (given === undefined && usual !== undefined) return [usual, usual];
  if (given?.length === 2 && given.every((each) => each >= least && each <= 65_536))
    return [given[0], given[1]];
  return node.refuse(
    given
      ? `its ${name} is [${given.join(", ")}], where heddle has windows over images of two axes`
      : `it has no ${name}`,
  );
}
