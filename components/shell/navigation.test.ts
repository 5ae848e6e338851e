import { describe, expect, it } from 'vitest';
import { isCurrent, linksFor, navigation } from '#components/shell/navigation.ts';
import type { Viewer } from '#components/shell/viewer.ts';
import en from '#messages/en.json' with { type: 'json' };

const viewer = (grants: Viewer['grants']): Viewer => ({
  id: 'u1',
  name: 'Kim',
  email: 'kim@desk.test',
  grants,
  scopes: [
    { name: 'real', kind: 'real' },
    { name: 'mock', kind: 'mock' },
  ],
});

const keysOf = (scope: string) =>
  linksFor(viewer([{ role: 'admin', scope }]), 'real').map((link) => link.key);

describe('linksFor', () => {
  it('shows only what the viewer may open in the scope', () => {
    const links = linksFor(viewer([{ role: 'viewer', scope: 'mock' }]), 'mock');
    expect(links.map((link) => link.href)).toEqual([
      '/mock',
      '/mock/traders',
      '/mock/jobs',
      '/mock/runs',
      '/mock/positions',
      '/mock/orders',
      '/mock/timeline',
      '/mock/graph',
      '/mock/locks',
      '/mock/calendar',
      '/mock/pnl',
      '/mock/summaries',
      '/engine',
      '/market',
    ]);
    expect(linksFor(viewer([{ role: 'viewer', scope: 'mock' }]), 'real').map((link) => link.href)).toEqual([
      '/engine',
      '/market',
    ]);
  });

  it('shows settings to an admin of the instance only', () => {
    expect(keysOf('*')).toContain('users');
    expect(keysOf('real')).not.toContain('users');
  });
});

describe('navigation', () => {
  it('has a text for every entry and no shortcut twice', () => {
    expect(navigation.filter((entry) => !(entry.key in en.nav))).toEqual([]);
    const keys = navigation.flatMap((entry) => entry.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('marks a page below an entry, not one with a longer name', () => {
    const jobs = { href: '/real/jobs', path: '/jobs' };
    expect(isCurrent(jobs, '/real/jobs/nightly')).toBe(true);
    expect(isCurrent(jobs, '/real/jobs-archive')).toBe(false);
    const desk = { href: '/real', path: '' };
    expect(isCurrent(desk, '/real')).toBe(true);
    expect(isCurrent(desk, '/real/jobs')).toBe(false);
  });
});
