import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashPassword as scryptHash, verifyPassword as scryptVerify } from 'better-auth/crypto';

/** 256 random bits in base64url: 43 characters. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** sha256 in hex: enough for secrets of 256 random bits, which nobody can guess through. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two digests in constant time. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A password's salted scrypt hash, in better-auth's form so that its sign-in verifies it. */
export function hashPassword(password: string): Promise<string> {
  return scryptHash(password);
}

export function verifyPassword(hash: string, password: string): Promise<boolean> {
  return scryptVerify({ hash, password });
}
