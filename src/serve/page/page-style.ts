/** What the server's page has beside the style of reports. */
export const servedPageStyle = `
.ask{display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;align-items:center;margin:1.5rem 0;max-width:none}
.ask label{display:inline-flex;gap:.5rem;align-items:center}
select,input[type=password]{font:inherit;color:inherit;background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.3rem .6rem;max-width:100%}
.act{border:1px solid var(--line);border-radius:6px;padding:.3rem .9rem;background:var(--raised)}
.act:hover{border-color:var(--muted)}
.drop{display:block;margin-top:1.5rem;padding:2.5rem 1rem;border:2px dashed var(--line);border-radius:8px;text-align:center;color:var(--muted);cursor:pointer}
.drop:hover,.drop.over{border-color:var(--link);color:var(--ink)}
.drop input{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.drop:focus-within{outline:2px solid var(--link);outline-offset:2px}
.status{min-height:1.6em;margin:1rem 0}
.found{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1.5rem 2rem;align-items:start}
.found figure{margin:0}
.found img{display:block;width:100%;max-width:28rem;height:auto;border:1px solid var(--line);border-radius:4px}
.found table{width:100%}
.found th{white-space:normal;overflow-wrap:anywhere}
.found td:last-child{width:40%}
meter{width:100%}
[hidden]{display:none!important}
`;
