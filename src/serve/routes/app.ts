import { Hono } from "hono";
import { cors } from "hono/cors";
import { matchedRoutes } from "hono/route";
import { openAPIRouteHandler } from "hono-openapi";
import { heddleVersion } from "../../node/version.js";
import { BusyError, TooManyImagesError } from "../engine/busy-error.js";
import { LostThreadError } from "../engine/link.js";
import { exchangeOf } from "../http/exchange.js";
import { isLoopback, siteGuard, tokenGuard } from "../http/guard.js";
import { HttpError } from "../http/http-error.js";
import { servedPage } from "../page/served-page.js";
import { addInferRoutes } from "./infer-routes.js";
import { addPictureRoutes } from "./picture-routes.js";
import type { ServeEnv, Serving } from "./serving.js";

/** What everybody may ask: it says nothing of the models. */
const publicPaths = new Set(["/", "/v2/health/live", "/v2/health/ready"]);

/** All routes, and what stands before them. */
export function createApp(serving: Serving): Hono<ServeEnv> {
  const app = new Hono<ServeEnv>();
  addGuards(app, serving);
  const page = servedPage();
  app.get("/", (c) => c.body(page.content, 200, page.headers));
  addInferRoutes(app, serving);
  addPictureRoutes(app, serving);
  app.get("/metrics", (c) =>
    c.body(serving.metrics.text(serving.registry, serving.bodies, serving.connections()), 200, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
    }),
  );
  app.get(
    "/openapi.json",
    openAPIRouteHandler(app, { documentation: documentation(serving), exclude: ["/", "/metrics"] }),
  );
  refuseOtherMethods(app);
  app.notFound(() => {
    throw new HttpError(404, "There is nothing here: /openapi.json says what there is.");
  });
  app.onError((error, c) => {
    const known = httpError(error);
    const exchange = exchangeOf(c.env.incoming);
    exchange.error = known === unexpected || known === lost ? `${error.stack ?? error}` : known.message;
    for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
    // 499 is for the log: nobody hears this answer.
    return c.json({ error: known.message }, known.status === 499 ? 400 : known.status);
  });
  return app;
}

function addGuards(app: Hono<ServeEnv>, { options: { host, token, origins } }: Serving): void {
  const checkSite = siteGuard(host, origins, token === undefined && isLoopback(host));
  const checkToken = token === undefined ? undefined : tokenGuard(token);
  app.use("*", async (c, next) => {
    const { incoming } = c.env;
    exchangeOf(incoming).route = matchedRoutes(c).findLast(({ path }) => path !== "/*")?.path;
    checkSite({ host: incoming.headers.host, origin: incoming.headers.origin });
    await next();
  });
  if (origins.length > 0)
    app.use(
      "*",
      cors({
        origin: origins.includes("*") ? "*" : [...origins],
        allowMethods: ["GET", "POST"],
        allowHeaders: ["Authorization", "Content-Type", "Inference-Header-Content-Length", "X-Request-Id"],
        exposeHeaders: ["Inference-Header-Content-Length", "X-Request-Id", "Retry-After"],
        maxAge: 600,
      }),
    );
  app.use("*", async (c, next) => {
    if (!publicPaths.has(c.req.path)) checkToken?.(c.env.incoming.headers.authorization);
    await next();
  });
}

/** A route's path with a method that it doesn't have. */
function refuseOtherMethods(app: Hono<ServeEnv>): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const known = methods.get(path) ?? new Set();
    methods.set(path, known.add(method));
    if (method === "GET") known.add("HEAD");
  }
  for (const [path, known] of methods)
    app.all(path, () => {
      const allowed = [...known].join(", ");
      throw new HttpError(405, `Here is only ${allowed}.`, { Allow: allowed });
    });
}

const unexpected = new HttpError(
  500,
  "The server failed at this request: its log says why, under X-Request-Id.",
);

const lost = new HttpError(
  503,
  "The thread that worked on this ended, and is started again. Ask again in a moment.",
  { "Retry-After": "2" },
);

function httpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof BusyError) return new HttpError(503, error.message, { "Retry-After": "1" });
  if (error instanceof LostThreadError) return lost;
  if (error instanceof TooManyImagesError) return new HttpError(413, error.message);
  return unexpected;
}

function documentation({ options }: Serving) {
  const secured = options.token !== undefined;
  return {
    openapi: "3.1.0",
    info: {
      title: "heddle",
      version: heddleVersion(),
      description: "Image classifiers: the Open Inference Protocol, and pictures as people send them.",
    },
    ...(secured && {
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: "http" as const, scheme: "bearer" } } },
    }),
  };
}
