import { z } from "zod";

// The Open Inference Protocol's request and answer (github.com/kserve/open-inference-protocol, REST), with the extensions for binary
// tensors and classifications that Triton and its clients have.

const binaryDataSize = z.int().nonnegative().optional().meta({
  description: "Bytes of this tensor behind the JSON, in the order of the tensors; then it has no `data`.",
});

const inferInput = z
  .looseObject({
    name: z.string().meta({ description: "`images`." }),
    shape: z
      .array(
        z
          .int()
          .min(1)
          .max(2 ** 31),
      )
      .meta({ description: "[N, H, W, C]." }),
    datatype: z.enum(["UINT8", "FP32"]).meta({
      description: "UINT8, or FP32: numbers from 0 to 255 all the same, which are rounded.",
    }),
    parameters: z.looseObject({ binary_data_size: binaryDataSize }).optional(),
    data: z.array(z.unknown()).optional().meta({
      description:
        "Pixels from 0 to 255, in row-major order: one list, or lists in lists as the shape has it.",
    }),
  })
  .meta({ id: "InferInput" });

const requestedOutput = z
  .looseObject({
    name: z.string().meta({ description: "`probabilities`." }),
    parameters: z
      .looseObject({
        binary_data: z
          .boolean()
          .optional()
          .meta({ description: "Whether it comes as bytes behind the JSON." }),
        classification: z
          .int()
          .min(0)
          .optional()
          .meta({ description: "So many of the most probable classes, as text: `probability:index:name`." }),
      })
      .optional(),
  })
  .meta({ id: "RequestedOutput" });

export const inferRequest = z
  .looseObject({
    id: z.string().max(256).optional(),
    parameters: z
      .looseObject({
        binary_data_output: z
          .boolean()
          .optional()
          .meta({ description: "`binary_data` of outputs that don't say it." }),
      })
      .optional(),
    inputs: z.array(inferInput).length(1),
    outputs: z.array(requestedOutput).max(1).optional(),
  })
  .meta({ id: "InferRequest" });

export type InferRequest = z.infer<typeof inferRequest>;
export type InferInput = z.infer<typeof inferInput>;

export const inferResponse = z
  .object({
    model_name: z.string(),
    model_version: z.string(),
    id: z.string().optional(),
    outputs: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int()),
        datatype: z.enum(["FP32", "BYTES"]),
        parameters: z.object({ binary_data_size: z.int() }).optional(),
        data: z.array(z.union([z.number(), z.string()])).optional(),
      }),
    ),
  })
  .meta({ id: "InferResponse" });

export type InferResponse = z.infer<typeof inferResponse>;

const tensorMetadata = z
  .object({
    name: z.string(),
    datatype: z.enum(["UINT8", "FP32"]),
    shape: z.array(z.int()).meta({ description: "-1 where any number will do." }),
    parameters: z.record(z.string(), z.string()),
  })
  .meta({ id: "TensorMetadata" });

export const modelMetadata = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(tensorMetadata),
    outputs: z.array(tensorMetadata),
    parameters: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "ModelMetadata" });

export const serverMetadata = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: "ServerMetadata" });
