import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../src/ui/shortcuts';

const key = (name: string, change: object = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  target: { tagName: 'BODY', closest: () => null },
  ...change,
});

const within = (selectorPart: string, tagName: string) => ({
  target: { tagName, closest: (selector: string) => (selector.includes(selectorPart) ? {} : null) },
});

describe('shortcuts', () => {
  it.each([
    ['m', 'mic'],
    ['M', 'mic'],
    ['v', 'cam'],
    ['d', 'screen'],
    ['w', 'layout'],
    ['c', 'chat'],
    ['p', 'people'],
    ['?', 'help'],
    [' ', 'talk'],
    ['Escape', 'dismiss'],
  ])('%j is %s', (name, action) => {
    expect(shortcutOf(key(name))).toBe(action);
  });

  it.each(['ctrlKey', 'metaKey', 'altKey', 'isComposing'])('rest with %s', (modifier) => {
    for (const name of ['m', 'v', 'c', 'p', ' ']) {
      expect(shortcutOf(key(name, { [modifier]: true }))).toBeNull();
    }
  });

  it.each([
    { tagName: 'TEXTAREA' },
    { tagName: 'INPUT', type: 'text' },
    { tagName: 'INPUT', type: 'search' },
    { tagName: 'INPUT' },
    { tagName: 'SELECT' },
    { tagName: 'DIV', isContentEditable: true },
  ])('rest where one types: $tagName $type', (target) => {
    for (const name of ['m', 'v', 'c', 'p', '?', ' ']) {
      expect(shortcutOf(key(name, { target }))).toBeNull();
    }
  });

  it('still close things from within a text field', () => {
    expect(shortcutOf(key('Escape', { target: { tagName: 'TEXTAREA' } }))).toBe('dismiss');
  });

  it('leave Space to a focused button, but not the letters', () => {
    expect(shortcutOf(key(' ', within('button', 'BUTTON')))).toBeNull();
    expect(shortcutOf(key('m', within('button', 'BUTTON')))).toBe('mic');
  });

  it('do not repeat while a key is held', () => {
    expect(shortcutOf(key('m', { repeat: true }))).toBeNull();
    expect(shortcutOf(key(' ', { repeat: true }))).toBeNull();
  });

  it('mean nothing for other keys', () => {
    for (const name of ['a', '1', 'Enter', 'Tab', 'ArrowUp']) {
      expect(shortcutOf(key(name))).toBeNull();
    }
  });
});
