import { expect, test } from 'vitest';
import { nextPath } from './next-path.ts';

test('the way back stays on this origin', () => {
  for (const own of ['/', '/real/jobs', '/real/runs?tab=failed&job=a', '/settings/users#x', '/setups'])
    expect(nextPath(own)).toBe(own);
  const away = [
    null,
    undefined,
    '',
    'real',
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '/a\\b',
    'javascript:alert(1)',
    '/\n/x',
  ];
  for (const wanted of [...away, '/sign-in', '/sign-in?next=/sign-in', '/setup', '/api/v1/instance/me'])
    expect(nextPath(wanted), String(wanted)).toBe('/');
});
