/** What the page of a classifier has beside the style of all pages. */
export const classifierStyle = `
main{margin-top:1.75rem}
#ways{display:flex;flex-wrap:wrap;gap:.75rem}
#ways[hidden]{display:none}
.drop,.photo{display:flex;flex-direction:column;align-items:center;justify-content:center;text-align:center;cursor:pointer;border-radius:8px;padding:1rem 1.25rem;border:2px dashed var(--line);background:var(--raised)}
.drop{flex:1 1 16rem;min-height:8.5rem}
.photo{flex:1 1 100%;border-style:solid}
.drop span{color:var(--muted);font-size:.95rem}
.drop:hover,.photo:hover,.drop.over{border-color:var(--link)}
.drop.over{background:var(--notice)}
.drop:focus-within,.photo:focus-within{outline:2px solid var(--link);outline-offset:2px}
.view{flex:1 1 100%}
.view video{display:block;max-width:100%;max-height:60vh;border-radius:8px;background:var(--raised)}
.view p{margin:.75rem 0 0}
.view[hidden],.camera[hidden]{display:none}
.camera{font-size:.95rem;border:1px solid var(--line);border-radius:999px;padding:.45rem 1rem}
.camera:hover{border-color:var(--muted)}
.invert{flex:1 1 100%;font-size:.95rem;color:var(--muted)}
@media not (any-pointer:coarse){.photo{display:none}}
@media (any-pointer:coarse){#camera{display:none}}
#state{min-height:1.6em;margin:.75rem 0}
main #answers{list-style:none;max-width:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1.25rem;align-items:start}
.answer{background:var(--raised);border-radius:8px;overflow:hidden}
.answer canvas{display:block;width:100%;height:auto}
.answer canvas[hidden]{display:none}
.answer .words{padding:.75rem 1rem 1rem}
.answer p{margin:0}
.answer .file{font-size:.82rem;overflow-wrap:anywhere}
.answer h2{margin:.1rem 0 .6rem;padding:0;border:0;font-size:1.15rem;letter-spacing:0;overflow-wrap:anywhere}
.unsure{display:inline-block;font-size:.8rem;font-weight:600;color:var(--ink);background:var(--notice);border-radius:999px;padding:.1rem .6rem;vertical-align:.1em}
main .shares{list-style:none;margin:0 0 .9rem;padding:0;font-size:.92rem;font-variant-numeric:tabular-nums}
.shares li{display:grid;grid-template-columns:1fr auto;column-gap:.75rem;margin-bottom:.35rem}
.shares .name{overflow-wrap:anywhere}
.shares .bar{grid-column:1/-1;height:.3rem;border-radius:.15rem;background:linear-gradient(var(--series-1) 0 0) 0/var(--share) 100% no-repeat var(--line);print-color-adjust:exact;-webkit-print-color-adjust:exact}
button.heat{font-size:.88rem;border:1px solid var(--line);border-radius:999px;padding:.3rem .85rem}
button.heat:hover{border-color:var(--muted)}
button.heat[aria-pressed=true]{background:var(--link);border-color:var(--link);color:var(--ground)}
button.heat[aria-disabled=true]{color:var(--muted);cursor:progress}
.facts{max-width:46rem;display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.5rem 1.25rem}
.facts dt{font-weight:600}
.facts dd{margin:0;overflow-wrap:anywhere}
footer code{overflow-wrap:anywhere}
@media (max-width:40rem){.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.75rem}}
@media print{#ways,#state,button.heat{display:none}}
`;
