/** The contract with shells and CI; listed in the README. */
export const exitCodes = { done: 0, rejected: 1, usage: 2, failure: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
