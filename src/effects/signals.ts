/** What asks a program to end, by the exit code that a shell knows it by: 128 and the signal's number. */
export const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
