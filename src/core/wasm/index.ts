export * from "./expression.js";
export { type Arguments, callI32, FunctionBuilder, type FunctionReference, Local } from "./function.js";
export { ModuleBuilder, pageBytes } from "./module.js";
export { Outline } from "./outline.js";
