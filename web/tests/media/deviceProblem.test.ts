import { describe, expect, it } from 'vitest';
import { type DeviceProblem, deviceProblem, isInsecure, secureAddress } from '../../src/media/deviceProblem';
import { t } from '../../src/strings';

const error = (name: string, message = '') => Object.assign(new Error(message), { name });

describe('a device that does not open', () => {
  it.each<[string, string, DeviceProblem]>([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission denied by system', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed'],
    ['SecurityError', '', 'denied'],
    ['NotFoundError', 'Requested device not found', 'missing'],
    ['NotReadableError', 'Device in use', 'inUse'],
    ['AbortError', 'Starting videoinput failed', 'inUse'],
    ['OverconstrainedError', '', 'unsuitable'],
    ['InsecureContextError', '', 'insecure'],
    ['TypeError', '', 'unknown'],
  ])('%s "%s" is %s', (name, message, problem) => {
    expect(deviceProblem(error(name, message))).toBe(problem);
  });

  it('is unknown for what is no error at all', () => {
    for (const strange of [undefined, null, 'text', 7]) {
      expect(deviceProblem(strange)).toBe('unknown');
    }
  });

  it('is told in words of its own for each reason, that never show the name of an exception', () => {
    const problems: DeviceProblem[] = ['denied', 'dismissed', 'missing', 'inUse', 'unsuitable', 'insecure', 'unknown'];
    const titles = problems.map((problem) => t.problem.title('camera', problem));
    const advice = problems.map((problem) => t.problem.advice('camera', problem));
    expect(new Set(titles).size).toBe(problems.length);
    expect(new Set(advice).size).toBe(problems.length);
    expect([...titles, ...advice].join()).not.toMatch(/Error|undefined/);
  });
});

describe('a page that is not secure', () => {
  it('is seen by its context, or by the devices not being there', () => {
    expect(isInsecure({ isSecureContext: false, navigator: { mediaDevices: {} } })).toBe(true);
    expect(isInsecure({ isSecureContext: true, navigator: {} })).toBe(true);
    expect(isInsecure({ isSecureContext: true, navigator: { mediaDevices: {} } })).toBe(false);
  });

  it('has a secure address with the same path', () => {
    expect(secureAddress({ hostname: '192.168.0.7', pathname: '/m/calm-lake', search: '?x=1' })).toBe(
      'https://192.168.0.7:8443/m/calm-lake?x=1',
    );
  });
});
