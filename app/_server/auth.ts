import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { ConfigError, readConfig } from '#config';
import { passwordMaximum, passwordMinimum } from '#domain/access/requests.ts';
import { actorOfUser } from '#db/access/queries.ts';
import { credentials, rateLimits, signIns, users, verifications } from '#db/access/schema.ts';
import { db } from './db.ts';
import { log, withoutSecrets } from './log.ts';
import { addressHeader } from './auth-address.ts';
import { signInCookie } from './auth-cookie.ts';

const day = 24 * 60 * 60;

/**
 * better-auth keeps passwords, sign-ins and their cookie. Its HTTP endpoints are not mounted: our routes call it,
 * so that every way in is listed, counted and audited.
 */
function build() {
  const config = readConfig();
  if (config.secret === null) {
    throw new ConfigError(
      'BELLKEEPER_SECRET is not set. Set it to 24 random characters or more, as from: openssl rand -base64 32',
    );
  }
  const cookie = signInCookie(config.url);
  return betterAuth({
    appName: 'Bellkeeper',
    baseURL: config.url,
    basePath: '/api/auth',
    secret: config.secret,
    trustedOrigins: [...config.origins],
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (_level, message) => log().warn({ part: 'auth' }, withoutSecrets(message)),
    },
    database: drizzleAdapter(db(), {
      provider: 'pg',
      schema: {
        user: users,
        session: signIns,
        account: credentials,
        verification: verifications,
        rateLimit: rateLimits,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMinimum,
      maxPasswordLength: passwordMaximum,
    },
    // Each use within a week moves the end on, written at most every five minutes: that is also "last seen".
    session: { expiresIn: 7 * day, updateAge: 5 * 60, freshAge: 5 * 60, cookieCache: { enabled: false } },
    // Attempts are counted per address and email in our own statement: better-auth's limiter reads, then writes.
    rateLimit: { enabled: false },
    databaseHooks: {
      session: {
        create: {
          // A disabled person's correct password opens nothing.
          before: async (session) =>
            (await actorOfUser(db(), session.userId)) === null ? false : { data: session },
        },
      },
    },
    advanced: {
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      cookies: {
        session_token: {
          name: cookie.name,
          attributes: { secure: cookie.secure, httpOnly: true, sameSite: 'lax', path: '/' },
        },
      },
    },
  });
}

type Auth = ReturnType<typeof build>;
const shared = globalThis as typeof globalThis & { bellkeeperAuth?: Auth };

/** The one better-auth of this process. @throws ConfigError without BELLKEEPER_SECRET. */
export function auth(): Auth {
  return (shared.bellkeeperAuth ??= build());
}

export interface CurrentSignIn {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  /** When the person last gave their password. */
  readonly createdAt: Date;
}

/** The sign-in a request's cookie names, while it lives; null for none. */
export async function signInOf(headers: Headers): Promise<CurrentSignIn | null> {
  if (!headers.has('cookie')) return null;
  const found = await auth().api.getSession({ headers });
  if (found === null) return null;
  const { session, user } = found;
  return { id: session.id, userId: session.userId, email: user.email, createdAt: session.createdAt };
}
