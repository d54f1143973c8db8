import { describe, expect, it } from 'vitest';
import { pieces } from '../../../src/ui/chat/links';

const links = (text: string) => pieces(text).flatMap(({ text: shown, href }) => (href ? [[shown, href]] : []));

describe('links in what people wrote', () => {
  it.each([
    ['see https://example.org/a?b=c#d now', 'https://example.org/a?b=c#d'],
    ['http://localhost:8080/m/x', 'http://localhost:8080/m/x'],
    ['HTTPS://Example.org', 'https://example.org/'],
    ['www.example.org/x', 'https://www.example.org/x'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
    ['(https://example.org/wiki/A_(b))', 'https://example.org/wiki/A_(b)'],
    ['Look: https://example.org/a.', 'https://example.org/a'],
    ['https://example.org/a), and', 'https://example.org/a'],
    ['是 https://example.org/路，好', 'https://example.org/%E8%B7%AF%EF%BC%8C%E5%A5%BD'],
    ['“https://example.org/a”。', 'https://example.org/a'],
    ['https://example.org/?!...', 'https://example.org/'],
  ])('%s', (text, href) => {
    expect(links(text).map(([, to]) => to)).toEqual([href]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https:',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    'vbscript:x',
    'xhttps://example.org',
    'javascript:https://example.org',
    'https://bank.example@evil.example/',
    'https://user:word@evil.example/',
    'https://',
    'http://[bad',
    'mailto:ada@example.org?bcc=eve@example.org',
    'mailto:',
    'www.',
    'ftp://example.org',
  ])('%s leads nowhere', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('ends where something is that is not drawn, or turns the direction of reading', () => {
    expect(links('https://example.org/\u202Egpj.exe')).toEqual([['https://example.org/', 'https://example.org/']]);
    expect(links('https://example.org/a\u200Bb')).toEqual([['https://example.org/a', 'https://example.org/a']]);
    expect(links('https://example.org/"onmouseover="alert(1)')).toEqual([
      ['https://example.org/', 'https://example.org/'],
    ]);
    expect(links('https://example.org/<img src=x>')).toEqual([['https://example.org/', 'https://example.org/']]);
  });

  it('shows a host in letters of other scripts as what it is', () => {
    expect(links('https://аpple.com/login')).toEqual([
      ['https://xn--pple-43d.com/login', 'https://xn--pple-43d.com/login'],
    ]);
  });

  it('loses no character and no order of the text around', () => {
    const text = 'a https://one.example, b\n\nhttps://two.example/x) c <b>';
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
    expect(pieces('')).toEqual([]);
  });

  it('takes a long line of almost links in little time', () => {
    expect(pieces('https://'.repeat(20_000)).length).toBeGreaterThan(0);
    expect(pieces(`https://example.org/${'('.repeat(5_000)}${')'.repeat(5_000)}`).length).toBeGreaterThan(0);
  });
});
