/** Digits that a picture can show: results stay small. */
export const fourDigits = (value: number): number => Number(value.toPrecision(4));
