import type { HostAction, MediaSource, ModePin, Role } from '../../signalling/protocol';
import type { Right } from '../../signalling/rights';
import { t } from '../../strings';

/** What a host did, as a sentence. */
export function actionText(one: HostAction): string {
  const { action, by, target } = one;
  return t.history.action(action, by ?? t.history.server, target ?? t.history.everyone, detailOf(one));
}

function detailOf({ action, detail }: HostAction): string {
  const said = detail ?? '';
  switch (action) {
    case 'roleChanged':
      return t.people.roles[said as Role] ?? said;
    case 'switchedOff':
      return t.history.sources[said as MediaSource] ?? said;
    case 'modePinned':
      return t.connection.pins[said as ModePin] ?? said;
    case 'rightsChanged':
      return said
        .split(' ')
        .map((right) => t.hosting.may[right as Right] ?? right)
        .join(t.history.between);
    default:
      return said;
  }
}
