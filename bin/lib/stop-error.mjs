/** An error whose message is all a person needs: what happened and the way out. Printed without a stack. */
export class StopError extends Error {
  name = 'StopError';
}

/** Prints an error and sets the exit code. */
export function report(error) {
  process.stderr.write(`\n${error instanceof StopError ? error.message : (error?.stack ?? String(error))}\n`);
  process.exitCode = 1;
}
