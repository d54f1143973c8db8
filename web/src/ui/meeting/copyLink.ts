import { t } from '../../strings';
import { paths } from '../router';
import { toast } from '../toasts';

export async function copyMeetingLink(id: string): Promise<void> {
  const link = location.origin + paths.meeting(id);
  try {
    await navigator.clipboard.writeText(link);
    toast(t.meeting.linkCopied, 'good');
  } catch {
    // No clipboard without HTTPS or permission: then the link itself is shown, to be copied by hand.
    toast(t.meeting.linkFailed(link));
  }
}
