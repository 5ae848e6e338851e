import { Socket } from 'node:net';

/** Number of the inherited pipe whose other end the parent holds; the kernel closes it when the parent dies. */
export const parentFd = 3;
/** Set for a process that was given such a pipe. */
export const parentVariable = 'BELLKEEPER_PARENT_PIPE';

/**
 * Calls `gone` once when the parent process is no more, however it ended. Does not keep this process alive.
 * Takes the variable out of the environment: the pipe is not passed on to children of ours.
 */
export function whenParentGone(gone) {
  if (process.env[parentVariable] !== String(parentFd)) return false;
  delete process.env[parentVariable];
  const pipe = new Socket({ fd: parentFd, readable: true, writable: false });
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    gone();
  };
  pipe.on('end', once).on('close', once).on('error', once);
  pipe.resume();
  pipe.unref();
  return true;
}
