import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup, until } from './processes.mjs';

const backoff = [1000, 2000, 5000, 10_000];
const steadyAfter = 60_000;
const hurriedMs = 3000;
const largestLog = 50_000_000;

/**
 * A process that is kept running: in a group of its own, its output appended to a log, restarted with growing delay
 * when it ends by itself.
 */
export class KeptProcess {
  #spec;
  #say;
  #changed;
  #child = null;
  #stopping = false;
  #crashes = 0;
  #ended = Promise.resolve();
  #wake = new AbortController();

  /**
   * @param {{ name: string, file: string, args: string[], env: object, cwd: string, log: string, graceMs: number }} spec
   * @param {(text: string) => void} say
   * @param {() => void} changed called whenever the process id changed
   */
  constructor(spec, say, changed = () => undefined) {
    this.#spec = spec;
    this.#say = say;
    this.#changed = changed;
  }

  get name() {
    return this.#spec.name;
  }

  /** Process id; null while it does not run. */
  get pid() {
    return this.#child?.pid ?? null;
  }

  get crashes() {
    return this.#crashes;
  }

  start() {
    const { file, args, env, cwd, log } = this.#spec;
    mkdirSync(dirname(log), { recursive: true });
    this.trimLog();
    const out = openSync(log, 'a', 0o600);
    const begin = performance.now();
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', out, out, 'pipe'] });
    closeSync(out);
    child.stdio[3].on('error', () => undefined);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).then((how) => this.#onEnd(how, performance.now() - begin));
    this.#changed();
  }

  async #onEnd(how, lived) {
    // What it left in its group (a helper of its own) must not outlive it.
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
    this.#child = null;
    this.#changed();
    if (this.#stopping) return;
    if (lived > steadyAfter) this.#crashes = 0;
    const wait = backoff[Math.min(this.#crashes++, backoff.length - 1)];
    this.#say(
      `${this.name} ended by itself (${how}); restarting in ${wait / 1000} s. The end of ${this.#spec.log}:\n${this.logTail(8)}`,
    );
    await delay(wait, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    if (!this.#stopping) this.start();
  }

  /**
   * Asks it to end, and kills its group after the grace time. `hurry` asks a second time (a worker then hands back
   * what still runs) and leaves three seconds.
   */
  async stop(hurry) {
    this.#stopping = true;
    this.#wake.abort();
    const child = this.#child;
    if (child === null) return;
    child.kill('SIGTERM');
    let endsBy = performance.now() + this.#spec.graceMs;
    let asked = false;
    const over = await until(() => {
      if (hurry.aborted && !asked) {
        asked = true;
        child.kill('SIGTERM');
        endsBy = Math.min(endsBy, performance.now() + hurriedMs);
      }
      return this.#child === null || performance.now() > endsBy;
    }, this.#spec.graceMs + hurriedMs);
    if (!over || this.#child !== null) {
      this.#say(`${this.name} did not end in time and was killed.`);
      signalGroup(child.pid, 'SIGKILL');
    }
    await this.#ended;
  }

  /** The last lines of its log. */
  logTail(lines) {
    if (!existsSync(this.#spec.log)) return '';
    return readFileSync(this.#spec.log, 'utf8')
      .slice(-20_000)
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .map((line) => `  ${line}`)
      .join('\n');
  }

  /** Keeps one older log; the process appends, so its file can be emptied under it. */
  trimLog() {
    const { log } = this.#spec;
    if (!existsSync(log) || statSync(log).size < largestLog) return;
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
  }
}
