// jax-js on its WebAssembly backend, in Node: its threads need a page's Worker, so it has one here. In a page with all
// of them scripts/bench/page.ts measures it.
import { prepareJax } from "./jax-network.js";
import { serve } from "./serve.js";

await serve("jax-js", "@jax-js/jax", prepareJax);
