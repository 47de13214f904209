import { lossChoices, slider, takenText } from './controls.js';

/** The section of deep networks. */
export const deepSection = `<section class="training" id="deep" data-stale="true" aria-label="A deep network">
<h2>A deep network</h2>
<p class="quiet">ReLU, L hidden layers of one width n at initialisation, s² = 1: r = E‖H<sub>ij</sub>‖²/E‖H<sub>ii</sub>‖² in each of them. In all but the last, once C is well beyond n, more classes no longer change anything: r stays at the floor that the widths above make.</p>
<div class="deep">
<div role="group" aria-label="Deep network">
${lossChoices('deep-loss')}
${slider('deep-depth', 'depth', 'L, hidden layers')}
${slider('deep-width', 'width', 'n, of each')}
${slider('deep-classes', 'classes', 'C, to 10⁶ and ∞')}
${slider('deep-dimension', 'dimension', 'd, of the inputs')}
${slider('deep-aspectRatio', 'aspect ratio', 'd/N')}
</div>
<div><canvas id="deep-plot" role="img" aria-label="Ratio of every layer against C"></canvas>
<p class="legend" aria-hidden="true"><span class="law">r of a layer, its number at the end</span><span class="floor">its floor, C → ∞</span><span class="dots">the chosen C</span></p>
<div class="wide"><table class="layers"><thead><tr><th scope="col">layer</th><th scope="col">r</th><th scope="col">left out</th><th scope="col">C·r</th><th scope="col">floor</th><th scope="col">C_eff</th></tr></thead><tbody id="deep-numbers"></tbody></table></div>
<p class="quiet">Left out: the size of what r leaves out, of order 1/n², no bound. C_eff: outputs that the layer can tell apart.</p>
<p class="quiet" id="deep-note" role="status"></p></div>
</div>
<div class="buttons"><button id="save-deep-png" type="button">Picture, PNG</button><button id="save-deep-csv" type="button">Numbers, CSV</button></div>
${takenText('deep-command', 'These ratios on the command line')}
${takenText('deep-snippet', 'These ratios with the library')}
<p class="quiet" id="deep-status" role="status"></p>
</section>`;

export const deepStyle = `
.deep{display:grid;grid-template-columns:minmax(14rem,21rem) minmax(0,1fr);gap:1rem 1.5rem;align-items:start;margin-top:.6rem}
.layers td,.layers thead th:not(:first-child){text-align:right;white-space:nowrap;overflow-wrap:normal}
.legend .floor::before{border-top:2px dashed var(--blue);height:0}.legend .dots::before{width:.5rem;height:.5rem;border-radius:50%;background:var(--ink)}
@media (max-width:40rem){.layers{font-size:.82rem}.layers th,.layers td{padding-right:.35rem}}
@media (max-width:56rem){.deep{grid-template-columns:minmax(0,1fr)}}
`;
