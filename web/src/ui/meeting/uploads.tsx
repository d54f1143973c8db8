import { t } from '../../strings';
import { LockIcon } from '../icons';
import type { RoomChat } from './roomChat';

/** Files on their way, above the input. */
export function Uploads({ chat }: { chat: RoomChat }) {
  const uploads = chat.uploads.value;
  if (!uploads.length) {
    return null;
  }
  return (
    <ul class="uploads" aria-label={t.chat.uploads}>
      {uploads.map(({ clientId, name, to, done, failure }) => (
        <li key={clientId} data-testid="upload">
          <span class="upload-name">
            {to && <LockIcon />}
            <bdi>{name}</bdi>
          </span>
          {failure ? (
            <p class="message-state" role="alert">
              {t.chat.failed} {failure}{' '}
              <button type="button" class="text-button" onClick={() => chat.retryUpload(clientId)}>
                {t.chat.retry}
              </button>
            </p>
          ) : (
            <progress value={done} aria-label={t.chat.progress(name)} />
          )}
          <button
            type="button"
            class="text-button"
            data-testid="upload-cancel"
            onClick={() => chat.cancelUpload(clientId)}
          >
            {failure ? t.chat.discard : t.chat.cancel}
          </button>
        </li>
      ))}
    </ul>
  );
}
