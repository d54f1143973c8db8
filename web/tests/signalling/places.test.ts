import { beforeEach, describe, expect, it, vi } from 'vitest';
import { creatorSecrets, places } from '../../src/signalling/places';

class FakeStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

beforeEach(() => {
  vi.stubGlobal('localStorage', new FakeStorage());
  vi.stubGlobal('sessionStorage', new FakeStorage());
});

describe('a place', () => {
  it('is taken up again shortly after it was in use, and not a day later', () => {
    places.keep('m', 'token', 'Ada', 1_000_000);
    expect(places.recent('m', 1_030_000)).toMatchObject({ token: 'token', name: 'Ada' });
    expect(places.recent('m', 1_000_000 + 86_400_000)).toBeNull();
  });

  it('belongs to one meeting and is not taken up again when given up, though its token is still known', () => {
    places.keep('m', 'token', 'Ada', 0);
    expect(places.recent('other', 0)).toBeNull();
    places.giveUp('m');
    expect(places.recent('m', 70_000)).toBeNull();
    expect(places.tokenOf('m')).toBe('token');
    expect(places.tokenOf('other')).toBeUndefined();
  });

  it('from which one was removed for good is shown to the server at any time', () => {
    places.keep('m', 'token', 'Ada', 0);
    places.giveUp('m', true);
    expect(places.recent('m', 86_400_000)).toMatchObject({ token: 'token', barred: true });
  });

  it('is none when what is stored is damaged', () => {
    for (const damaged of ['{', '7', '{"token":7}', '[]']) {
      sessionStorage.setItem('parley.place.m', damaged);
      expect(places.recent('m', 0)).toBeNull();
    }
  });
});

it('keeps creator secrets by meeting', () => {
  creatorSecrets.keep('m', 'secret');
  expect(creatorSecrets.of('m')).toBe('secret');
  expect(creatorSecrets.of('other')).toBeUndefined();
});

it('works without storage', () => {
  const forbidden = {
    get: () => {
      throw new DOMException('Forbidden', 'SecurityError');
    },
  };
  Object.defineProperty(globalThis, 'localStorage', { ...forbidden, configurable: true });
  expect(() => creatorSecrets.keep('m', 'secret')).not.toThrow();
  expect(creatorSecrets.of('m')).toBeUndefined();
});
