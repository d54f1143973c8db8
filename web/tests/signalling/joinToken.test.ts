import { describe, expect, it } from 'vitest';
import { readToken } from '../../src/signalling/joinToken';

const tokenOf = (claims: object) =>
  `e30.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}.c2ln`;

describe('a join token', () => {
  it('tells the name in any script, and who may do what', () => {
    const read = readToken(tokenOf({ name: '小明 Ünal', role: 'host', knock: true }));
    expect(read).toMatchObject({ name: '小明 Ünal', isHost: true, knocks: true });
    expect(readToken(tokenOf({ role: 'participant' }))).toMatchObject({ name: null, isHost: false, knocks: false });
  });

  it('that cannot be read is left to the server', () => {
    for (const text of ['x', 'a.b.c', '..', 'e30.!!.x', tokenOf({ name: 7, role: 7 }), 'e30.bnVsbA.x']) {
      expect(readToken(text)).toEqual({ text, name: null, isHost: false, knocks: false });
    }
    expect(readToken('')).toBeNull();
    expect(readToken(null)).toBeNull();
  });
});
