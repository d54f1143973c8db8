/** Why a microphone or camera cannot be used, as a person would tell the reasons apart. */
export type DeviceProblem =
  /** The person or a policy said no. */
  | 'denied'
  /** The question was closed without an answer; it may be asked again. */
  | 'dismissed'
  /** No such device. */
  | 'missing'
  /** It is there, but another program holds it or the system does not let the browser have it. */
  | 'inUse'
  /** The device cannot do what was asked. */
  | 'unsuitable'
  /** Browsers give devices only to secure pages. */
  | 'insecure'
  | 'unknown';

/** The problem behind what getUserMedia threw. */
export function deviceProblem(error: unknown): DeviceProblem {
  const { name, message } = typeof error === 'object' && error !== null ? (error as Partial<Error>) : {};
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return message && /dismiss/i.test(message) ? 'dismissed' : 'denied';
    case 'SecurityError':
      return 'denied';
    case 'InsecureContextError':
      return 'insecure';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'missing';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'inUse';
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'unsuitable';
    default:
      return 'unknown';
  }
}

/** True where the browser offers no devices at all because the page did not come over HTTPS or from this machine. */
export function isInsecure(scope: { isSecureContext: boolean; navigator: { mediaDevices?: unknown } }): boolean {
  return !scope.isSecureContext || !scope.navigator.mediaDevices;
}

/** The HTTPS address of the same page; Parley serves it on port 8443 unless told otherwise. */
export function secureAddress(location: { hostname: string; pathname: string; search: string }, port = 8443): string {
  return `https://${location.hostname}:${port}${location.pathname}${location.search}`;
}
