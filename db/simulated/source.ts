/** The source of a simulated market's quotes and candles. */
export function simulatorSource(scope: string): string {
  return `simulator:${scope}`;
}
