/** Style of the report beyond the base of every page. */
export const reportStyle = `
header.top{display:flex;justify-content:space-between;align-items:flex-start;gap:1rem;flex-wrap:wrap}
.meta{color:var(--muted);font-size:.92rem;overflow-wrap:anywhere}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem;z-index:2}
.lead{font-size:1.08rem;margin:1rem 0}
.verdict{display:inline-block;font-size:.86rem;font-weight:650;border:1.5px solid currentColor;border-radius:999px;padding:.02rem .6rem;white-space:nowrap}
.verdict.agree,.verdict.supported{color:var(--good)}.verdict.disagree,.verdict.refuted{color:var(--bad)}.verdict.undecided{color:var(--open)}
nav.contents{background:var(--soft);border-radius:8px;padding:.7rem 1rem;margin:1.4rem 0}
nav.contents h2{font-size:1rem;margin:0 0 .2rem}nav.contents ol{margin:.2rem 0;padding-left:1.3rem;columns:16rem}
section.claim{border-top:1px solid var(--line);margin-top:2.6rem;padding-top:1.4rem}
section.claim>h2{display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}
.statement{max-width:48rem}.formula{overflow-x:auto;overflow-y:hidden;padding:.5rem 0;max-width:100%}
.reason{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;max-width:48rem}
.reason.agree{border-color:var(--good)}.reason.disagree{border-color:var(--bad)}.reason.undecided{border-color:var(--open)}
details{margin:1rem 0;border:1px solid var(--line);border-radius:8px;padding:.4rem .9rem}
summary{cursor:pointer;font-weight:600;padding:.15rem 0}
.void{color:var(--axis)}.void em{font-size:.85em}
.rejected td:first-child{border-left:3px solid var(--bad);padding-left:.6rem}
.small{font-size:.86rem;color:var(--muted)}
td:first-child{min-width:9rem}table.marks{font-size:.86rem}table.marks td:first-child{min-width:0}table.marks td,table.marks th{padding-right:.5rem}th[scope=row]{white-space:normal;min-width:8rem}table.pairs{width:auto}table.pairs th{padding-right:1.4rem}table.pairs td{overflow-wrap:anywhere}
h2:target,section:target{scroll-margin-top:1rem}
@media print{details{border:0;padding:0}}
`;
