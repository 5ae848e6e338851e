import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: false,
  experimental: { authInterrupts: true },
  images: { unoptimized: true },
  // The type checker runs in `npm test`; a second run at start would only make people wait.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['postgres', 'pino', 'graphile-worker', 'pg'],
  turbopack: { root: import.meta.dirname },
};

export default config;
