/** Style of the reports beyond the base of every page. */
export const reportStyle = `
header.top{display:flex;justify-content:space-between;align-items:flex-start;gap:1rem;flex-wrap:wrap}
.meta{color:var(--muted);font-size:.92rem;overflow-wrap:anywhere}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem;z-index:2}
.lead{font-size:1.08rem;margin:1rem 0}.print{display:none}
.verdict{display:inline-block;font-size:.86rem;font-weight:650;border:1.5px solid currentColor;border-radius:999px;padding:.02rem .6rem;white-space:nowrap}
.verdict.agree,.verdict.supported{color:var(--good)}.verdict.disagree,.verdict.refuted{color:var(--bad)}.verdict.undecided{color:var(--open)}
nav.contents{background:var(--soft);border-radius:8px;padding:.7rem 1rem;margin:1.4rem 0}
nav.contents h2{font-size:1rem;margin:0 0 .2rem}nav.contents ol{margin:.2rem 0;padding-left:1.3rem;columns:16rem}
section.claim{border-top:1px solid var(--line);margin-top:2.6rem;padding-top:1.4rem}
section.claim>h2{display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}
.statement{max-width:48rem}.formula{overflow-x:auto;overflow-y:hidden;padding:.5rem 0;max-width:100%}
.reason{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;max-width:48rem}
.reason.agree{border-color:var(--good)}.reason.disagree{border-color:var(--bad)}.reason.undecided{border-color:var(--open)}
.powers{font-size:.92em}.powers p{margin-bottom:0}.powers ul{margin:.1rem 0;padding-left:1.2rem}
details{margin:.4rem 0;border:1px solid var(--line);border-radius:8px;padding:.25rem .9rem}
summary{cursor:pointer;font-weight:600;padding:.15rem 0}
.guide dt{font-weight:600}.guide dd{margin:0 0 .5rem;max-width:48rem}
.small,.remark{font-size:.86rem;color:var(--muted)}span.small{display:block;font-weight:400}ul.small{margin:.2rem 0 0;padding-left:1.1rem;font-weight:400}
.interval{font-size:.92em;color:var(--muted);white-space:nowrap}span.error{display:block;font-size:.86rem;color:var(--muted)}.headline{font-variant-numeric:tabular-nums}
.void{color:var(--axis)}td .void{display:block;font-size:.86rem}
.rejected th:first-child{border-left:3px solid var(--bad);padding-left:.6rem}
table{margin:.5rem 0}table th:last-child,table td:last-child{padding-right:0}tbody th[scope=row]{color:inherit;font-weight:400;white-space:normal}
table[role] tbody+tbody{border-top:2px solid var(--line)}table.told th[scope=row]{width:40%}table.named th[scope=row]{width:99%}td.word{white-space:nowrap}tr.group th{padding-top:.8rem;color:var(--muted)}
table.pairs{width:auto}table.pairs th{padding-right:1.4rem}table.pairs tbody th[scope=row]{color:var(--muted)}table.pairs td{overflow-wrap:anywhere}
h2:target,section:target{scroll-margin-top:1rem}
@media (max-width:40rem){
table[role],table[role] tbody,table[role] thead{display:block}
table[role] thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table[role] tr{display:flex;flex-wrap:wrap;gap:0 1.1rem;border-bottom:1px solid var(--line);padding:.4rem 0}
table[role] .interval{display:block}
table[role] th,table[role] td{display:block;border:0;padding:.1rem 0;text-align:left;white-space:normal}
table[role] th[scope=row],table[role] th[scope=rowgroup]{width:100%}
table[role] td[data-head]::before{content:attr(data-head);display:block;font-size:.8rem;color:var(--muted)}
.rejected th:first-child{border-left:0;padding-left:0}table[role] tr.rejected{border-left:3px solid var(--bad);padding-left:.6rem}
}
@media print{
@page{margin:9mm 12mm}html{font-size:8.5pt;line-height:1.32}.print{display:inline}p.print{display:block}.statement,.reason,.powers ul,figcaption{max-width:none}.powers{font-size:.86em}figcaption{font-size:.8rem}.powers ul,.powers p{margin-top:0;margin-bottom:0}h2{font-size:1.15rem;margin-bottom:.15rem}.lead{margin:.4rem 0}
details:not([open]){display:none}details{border:0;padding:0}
section.claim{margin-top:.7rem;padding-top:.5rem}.formula,p,table{margin-top:.2rem;margin-bottom:.2rem}.formula{padding:0}figure{margin:.25rem 0}
th,td{padding-top:.15rem;padding-bottom:.15rem}
.powers,.reason{break-inside:avoid}table.pairs tbody{display:block;columns:3}table.pairs{width:100%;font-size:.86rem}
}
`;
