export declare function activeResources(): ReadonlyMap<string, number>;
export declare function leftSince(before: ReadonlyMap<string, number>, patience: number): Promise<string[]>;
