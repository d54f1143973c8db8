import { signal } from '@preact/signals';
import { Refusal } from '../../signalling/refusal';
import { refusalText } from '../refusalText';

/** Null until the server has said. */
export const signedIn = signal<boolean | null>(null);

/** Why a call of the admin failed, in words; null when it is that the session is over, which the page then says by itself. */
export function whyFailed(refused: unknown): string | null {
  const refusal = refused instanceof Refusal ? refused : new Refusal('unreachable', '');
  if (refusal.code === 'signInNeeded') {
    signedIn.value = false;
    return null;
  }
  return refusalText(refusal);
}
