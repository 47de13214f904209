/** What the report says of the documentation is there. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { claimIds } from '../../../src/claims/claim.js';
import { anchorOf, documentationHtml, notesOfClaim } from '../../../src/report/documentation.js';

const notes = readFileSync(new URL('../../../paper-notes.md', import.meta.url), 'utf8');
const headings = new Set([...notes.matchAll(/^#{2,3} (.*)$/gm)].map(([, heading]) => heading));

test('every claim names sections of paper-notes.md that exist', () => {
  expect(Object.keys(notesOfClaim).sort()).toEqual([...claimIds].sort());
  for (const section of Object.values(notesOfClaim).flat()) expect(headings).toContain(section);
});

test('an anchor is the one that paper-notes.md itself links to', () => {
  const linked = new Set([...notes.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor));
  expect(linked).toContain(anchorOf('What was wrong or sharpened'));
  expect(anchorOf('Generalised Marčenko–Pastur law')).toBe('generalised-marčenkopastur-law');
});

test('links to the notes beside the program, and names the section in words', () => {
  const html = documentationHtml('linear-ce');
  expect(html).toMatch(/href="file:\/\/[^"]*\/paper-notes\.md#linear-ce-ratio">“Linear CE ratio”<\/a>/);
  const address = /href="(file:[^"#]*)/.exec(html)![1]!;
  expect(readFileSync(new URL(address), 'utf8')).toBe(notes);
});

test('without the notes at hand the section is named and nothing is linked; of another claim nothing is said', () => {
  expect(documentationHtml('output-mse', null)).toBe('More in paper-notes.md: “Output blocks”.');
  expect(documentationHtml('another')).toBe('');
});
