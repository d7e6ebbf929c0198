import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { html } from "../../report/html.js";
import { pageStyle } from "../../report/style.js";
import { servedPageStyle } from "./page-style.js";

/** A page, and what it is sent with. */
export interface ServedPage {
  readonly content: string;
  readonly headers: Readonly<Record<string, string>>;
}

const sha256 = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page at `/`: all that it needs is in it, and it asks its own server alone. It is the same whatever is served. */
export function servedPage(): ServedPage {
  const scripts = ["../../report/browser/page-script.js", "../browser/picture-script.js"].map((file) =>
    readFileSync(new URL(file, import.meta.url), "utf8"),
  );
  const style = pageStyle + servedPageStyle;
  const content = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>heddle</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body.html}
${scripts.map((script) => `<script type="module">${script}</script>`).join("\n")}
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(sha256).join(" ")}`,
    `style-src ${sha256(style)}`,
    "img-src blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    content,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy.join("; "),
      "Referrer-Policy": "no-referrer",
      "X-Frame-Options": "DENY",
    },
  };
}

const body = html`<div class="page">
<header>
<div class="top"><h1>What is this a picture of?</h1><button type="button" class="ground" hidden>Dark mode</button></div>
<p class="subtitle" id="about">Asking the server …</p>
</header>
<main>
<noscript><p class="notice">This page needs scripts. Without them: curl --data-binary @photo.jpg …/v1/classify</p></noscript>
<form class="ask" id="token-form" hidden>
<label>The server’s token <input type="password" id="token" autocomplete="off" required></label>
<button class="act">Use it</button>
</form>
<p class="ask" id="choice" hidden><label>Model <select id="model"></select></label></p>
<label class="drop" id="drop" hidden><input type="file" id="file" accept="image/jpeg,image/png,image/webp,image/avif"><span>Drop a picture here, paste one, or choose a file</span></label>
<p class="status" id="status" role="status"></p>
<div class="found" id="found" hidden>
<table><caption class="unseen">The most probable classes</caption><thead><tr><th scope="col">class</th><th scope="col" class="number">probability</th><td></td></tr></thead><tbody id="classes"></tbody></table>
<figure><figcaption>The picture</figcaption><img id="picture" alt="The picture that was given"></figure>
<figure id="seen"><figcaption id="seen-what">Where its class is seen</figcaption><img id="heat" alt="The picture with a heat map over it"></figure>
</div>
</main>
</div>`;
