// Damage to a valid input: bytes and pieces changed, cut, repeated, put in.

import { gunzipSync, gzipSync } from 'node:zlib';

/** A small seeded generator (mulberry32): whole numbers below `limit`. */
export function generator(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const numbers = [
  '0',
  '-1',
  '1e308',
  '-1e308',
  '1e-320',
  '9007199254740993',
  '99999999999999999999',
  '4294967296',
  '1e9',
  '0.1',
  'NaN',
  'Infinity',
  '1,5',
  '0x10',
  'null',
  '""',
  '[]',
  '{}',
  'true',
];
const pieces = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  ',',
  ';',
  ':',
  '"',
  "'",
  '\\',
  '$',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '#',
  '%',
  '&a ',
  '*a',
  '---\n',
  '? ',
  '- ',
  '!!binary ',
  '<<: ',
  '__proto__',
  'constructor',
  '\u0000',
  '\u001b[31m',
  '\u2028',
  '\ufeff',
  'nan',
  'erf(',
  'x^',
  'max(x,',
  '*abs(x)',
  '?',
  '1e5',
];

/**
 * One to five changes of `input`, never longer than about 200 000 bytes. Half of the packed inputs are changed inside, and
 * most JSON in its values, so that damage reaches beyond the first check.
 */
export function damaged(input, random) {
  const bytes = Buffer.from(input);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && random(2) === 0) return gzipSync(damaged(gunzipSync(bytes), random));
  if (bytes[0] === 0x7b && random(4) > 0) return Buffer.from(JSON.stringify(damagedValue(JSON.parse(bytes), random)));
  return damagedBytes(bytes, random);
}

function damagedBytes(input, random) {
  let bytes = input;
  for (let count = 1 + random(random(2) === 0 ? 1 : 5); count > 0 && bytes.length > 0; count--)
    bytes = changes[random(changes.length)](bytes, random);
  return bytes.subarray(0, 200_000);
}

/** A JSON value with one or two of its parts replaced, left out or repeated. */
function damagedValue(value, random) {
  for (let count = 1 + random(2); count > 0; count--) {
    const places = [];
    const collect = (part) => {
      for (const key of Object.keys(part)) {
        places.push([part, key]);
        if (part[key] !== null && typeof part[key] === 'object') collect(part[key]);
      }
    };
    collect(value);
    if (places.length === 0) return value;
    const [part, key] = places[random(places.length)];
    const [other, otherKey] = places[random(places.length)];
    const change = random(6);
    if (change === 0) delete part[key];
    else if (change === 1) part[key] = JSON.parse(JSON.stringify(other[otherKey]));
    else if (change === 2 && Array.isArray(part[key]))
      part[key] = Array(1 + random(300))
        .fill(part[key])
        .flat()
        .slice(0, 2000);
    else if (change === 3) part[key] = pieces[random(pieces.length)].repeat(1 + random(100));
    else part[key] = JSON.parse(JSON.stringify(values[random(values.length)]));
  }
  return value;
}

const values = [
  null,
  0,
  -1,
  1e308,
  -1e308,
  1e-320,
  2 ** 53,
  1e9,
  0.5,
  '',
  'inf',
  'NaN',
  'Infinity',
  '$\\input{x}$',
  true,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
];

const splice = (bytes, at, cut, insert) => Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + cut)]);
const range = (bytes, random) => {
  const at = random(bytes.length);
  return [at, Math.min(bytes.length - at, 1 + random(random(4) === 0 ? bytes.length : 16))];
};

const changes = [
  function setByte(bytes, random) {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  function flipBit(bytes, random) {
    bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  function cut(bytes, random) {
    return splice(bytes, ...range(bytes, random), Buffer.alloc(0));
  },
  function cutEnd(bytes, random) {
    return bytes.subarray(0, random(bytes.length + 1));
  },
  function repeat(bytes, random) {
    const [at, length] = range(bytes, random);
    const times = 1 + random(random(8) === 0 ? Math.ceil(50_000 / length) : 20);
    return splice(bytes, at, 0, Buffer.concat(new Array(times).fill(bytes.subarray(at, at + length))));
  },
  function insert(bytes, random) {
    return splice(bytes, random(bytes.length), random(3), Buffer.from(pieces[random(pieces.length)]));
  },
  function swap(bytes, random) {
    const [from, length] = range(bytes, random);
    return splice(bytes, random(bytes.length), length, Buffer.from(bytes.subarray(from, from + length)));
  },
  function anotherNumber(bytes, random) {
    const text = bytes.toString('latin1');
    const places = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)];
    if (places.length === 0) return bytes;
    const { index, 0: found } = places[random(places.length)];
    return splice(bytes, index, found.length, Buffer.from(numbers[random(numbers.length)]));
  },
  function anotherValue(bytes, random) {
    const text = bytes.toString('latin1');
    // Not by looking behind, which among ten thousand blanks looks through all of them for each one.
    const places = [...text.matchAll(/:\s*("[^"\n]*"|\[[^[\]]*\]|[\w.]+)/dg)].map(({ indices }) => indices[1]);
    if (places.length === 0) return bytes;
    const [from, to] = places[random(places.length)];
    return splice(bytes, from, to - from, Buffer.from(numbers[random(numbers.length)]));
  },
];
