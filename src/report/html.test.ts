import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { escapeHtml, html, jsonForScript, trustedHtml } from "./html.js";

describe("html", () => {
  it("escapes text, in elements and in attributes", () => {
    const nasty = `"><script>alert('x & y')</script>`;
    assert.equal(
      html`<p title="${nasty}">${nasty}</p>`.html,
      `<p title="&quot;&gt;&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt;</p>`,
    );
  });

  it("passes HTML, joins lists, and leaves out what is not there", () => {
    const items = ["a", "<b>"].map((text) => html`<li>${text}</li>`);
    const value = html`<ul>${items}</ul>${undefined}${null}${false}${0}${["x", [1, trustedHtml("<hr>")]]}`;
    assert.equal(value.html, "<ul><li>a</li><li>&lt;b&gt;</li></ul>0x1<hr>");
  });

  it("lets no text begin an element or end an attribute", () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
  });
});

describe("jsonForScript", () => {
  it("never ends its script, and reads back as it was", () => {
    const value = { text: "</script><!-- &amp;" };
    const written = jsonForScript(value).html;
    assert.ok(!written.includes("<"));
    assert.deepEqual(JSON.parse(written), value);
  });
});
