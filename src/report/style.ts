import { shadeDeclarations } from "./theme.js";

/** Prose is set to about 70 characters; figures and tables may take the whole width. */
export const pageStyle = `
:root{color-scheme:light;${shadeDeclarations("light")}}
@media screen{
:root[data-ground=dark]{color-scheme:dark;${shadeDeclarations("dark")}}
}
@media screen and (prefers-color-scheme:dark){
:root:not([data-ground=light]){color-scheme:dark;${shadeDeclarations("dark")}}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;overflow-wrap:break-word}
.page{max-width:70rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
h1,h2,h3,h4{line-height:1.2;text-wrap:balance;scroll-margin-top:1rem}
h1{font-size:clamp(1.75rem,1.3rem + 2vw,2.5rem);margin:0;letter-spacing:-.015em}
h2{font-size:1.5rem;margin:3.5rem 0 1rem;padding-top:1.25rem;border-top:1px solid var(--line);letter-spacing:-.01em}
h3{font-size:1.15rem;margin:2.25rem 0 .5rem}
h4{font-size:1rem;margin:1.75rem 0 .5rem}
p,main ul:not(.legend):not(.pictures):not(.sets),main ol,blockquote,dl{max-width:42rem;margin:0 0 1rem}
blockquote{padding-left:1rem;border-left:3px solid var(--line);color:var(--muted)}
code,kbd{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;background:var(--raised);padding:.1em .3em;border-radius:3px}
pre{overflow-x:auto;background:var(--raised);padding:.75rem 1rem;border-radius:6px;font-size:.9rem;line-height:1.5}
pre code{padding:0;background:none;font-size:inherit}
.top{display:flex;gap:1rem;justify-content:space-between;align-items:flex-start}
.subtitle{color:var(--muted);font-size:1.1rem;margin:.5rem 0 0}
.lead{margin-top:1.5rem}
.lead p{font-size:1.125rem}
.notice{max-width:none;margin:0 0 1.5rem;padding:.75rem 1rem;background:var(--notice);border-left:4px solid var(--series-5);border-radius:4px;font-weight:600}
.toc{margin:2rem 0 0;padding:.9rem 1.1rem;background:var(--raised);border-radius:6px;font-size:.95rem}
.toc h2{font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--muted);margin:0 0 .4rem;padding:0;border:0}
.toc ol{list-style:none;margin:0;padding:0;max-width:none;columns:16rem auto;column-gap:2rem}
.toc li{break-inside:avoid}
.toc a{display:inline-block;padding:.15rem 0}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
button.ground{flex:none;font-size:.85rem;color:var(--muted);border:1px solid var(--line);border-radius:999px;padding:.25rem .75rem}
button.ground:hover{color:var(--ink);border-color:var(--muted)}
figure{margin:2rem 0}
figcaption{margin:0 0 .6rem;font-size:.95rem;color:var(--muted)}
figcaption strong{color:var(--ink);font-weight:650}
figcaption span,figure .note{display:block;max-width:46rem}
figure .note{font-size:.9rem;color:var(--muted);margin:.6rem 0 0}
.static{overflow-x:auto}
.static svg{display:block;width:100%;min-width:34rem;height:auto}
.live{width:100%;min-width:0}
.is-live .static{display:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem .5rem;margin:0 0 .4rem;padding:0;font-size:.88rem}
.entry{display:inline-flex;align-items:center;gap:.4rem;padding:.15rem .35rem;border-radius:4px;text-align:left}
button.entry:hover{background:var(--raised)}
button.entry[aria-pressed=false]{color:var(--muted);text-decoration:line-through}
button.entry[aria-pressed=false] svg{opacity:.3}
.entry svg{flex:none}
.scroll{overflow-x:auto;max-width:100%;position:relative}
table{border-collapse:collapse;font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums lining-nums}
th,td{padding:.4rem .75rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:.25rem}
thead th{font-weight:600;color:var(--muted);vertical-align:bottom;border-bottom:1px solid var(--muted);white-space:nowrap}
thead .group{text-align:center;border-bottom:1px solid var(--line)}
tbody th,tfoot th{font-weight:500}
tfoot th,tfoot td{color:var(--muted);border-bottom:0}
.table tbody tr:last-child>*{border-bottom-color:var(--muted)}
.scroll tr>th:first-child{position:sticky;left:0;background:var(--ground)}
.number{text-align:right;white-space:nowrap}
thead button{font-weight:inherit;text-align:inherit}
thead button:hover{color:var(--ink)}
thead button::after{content:"";display:inline-block;width:.8em;text-align:right;font-size:.75em}
th[aria-sort=ascending] button::after{content:"▲"}
th[aria-sort=descending] button::after{content:"▼"}
th[aria-sort] button{color:var(--ink)}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
.muted{color:var(--muted)}
.from{font-size:.82em;max-width:9em;color:var(--muted)}
tbody tr:is(:target,:has(:target))>*{background:var(--notice)}
.matrix table{font-size:.88rem}
.matrix td,.matrix th{padding:.35rem .5rem;border:1px solid var(--ground)}
.matrix tbody td{text-align:right;min-width:3rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.matrix td.right{background:color-mix(in srgb,var(--heat) var(--heat-share),var(--raised));font-weight:600}
.matrix td.wrong{background:color-mix(in srgb,var(--heat-wrong) var(--heat-share),var(--raised))}
.matrix thead th{border-bottom:0;color:var(--ink);font-weight:500}
.matrix .axis{vertical-align:middle;color:var(--muted);text-align:center;font-weight:600}
.matrix .scroll th{background:none;position:static}
.matrix .scroll tbody th[scope=row]{position:sticky;left:0;background:var(--ground)}
.matrix tbody th{text-align:right;white-space:nowrap}
.matrix tbody .axis span,.matrix .turned span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
.matrix .turned{vertical-align:bottom;text-align:center}
.matrix .turned span{display:inline-block}
.pictures{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(7.25rem,1fr));gap:1.25rem .9rem;font-size:.82rem;line-height:1.35}
.pictures li{break-inside:avoid}
.pictures img{display:block;width:84px;height:auto;image-rendering:pixelated;margin-bottom:.4rem;border:1px solid var(--line);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.photos{grid-template-columns:repeat(auto-fill,minmax(min(100%,max(7.25rem,var(--across))),1fr))}
.photos img{width:var(--across);max-width:100%;image-rendering:auto}
.pictures span{display:block;overflow-wrap:anywhere}
.pictures .file{overflow-wrap:anywhere}
.pictures b{display:inline-block;max-width:100%;overflow-wrap:anywhere}
.pictures .truth{font-weight:600}
.pictures .smooth img{width:112px;image-rendering:auto}
.sets{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:1.5rem 1.25rem}
.sets>li{break-inside:avoid;padding:.75rem;background:var(--raised);border-radius:6px}
.sets .pictures{grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr))}
.sets p{margin:.5rem 0 0;font-size:.82rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem;color:var(--muted)}
@media (min-width:40rem){tbody th,tfoot th{white-space:nowrap}}
@media (max-width:40rem){
.page{padding:1.5rem 1rem 3rem}
h2{margin-top:2.5rem}
th,td{padding:.4rem .5rem}
}
@media print{
@page{margin:18mm 16mm}
html{font-size:10pt}
body{font-size:1rem}
.page{max-width:none;padding:0}
button.ground,.toc{display:none}
.is-live .static{display:block}
.live{display:none}
.static svg{min-width:0}
.scroll,.static{overflow:visible}
figure,tr,.notice{break-inside:avoid}
figure.long{break-inside:auto}
thead{display:table-header-group}
h2,h3,h4,figcaption{break-after:avoid}
p,li{orphans:3;widows:3}
a{color:inherit}
thead button::after{content:none!important}
table{font-size:.85rem}
th,td{padding:.25rem .4rem}
}
`;
