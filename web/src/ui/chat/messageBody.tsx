import { useEffect, useRef, useState } from 'preact/hooks';
import { getFile } from '../../signalling/files';
import type { ChatFile, ChatMessage } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { t } from '../../strings';
import { FileIcon } from '../icons';
import { refusalText } from '../refusalText';
import { byteSize } from '../text';
import { toast } from '../toasts';
import { pieces } from './links';

/** Larger pictures are files to open: nobody's network is to be filled by what somebody sent. */
const largestPicture = 8 * 1024 * 1024;

interface MessageBodyProps {
  message: ChatMessage;
  meetingId: string;
  /** By which the server gives files. */
  secret: string;
}

/** What was said: text with links, a file, or that it was deleted. Never markup. */
export function MessageBody({ message, meetingId, secret }: MessageBodyProps) {
  const { deleted, file, text } = message;
  if (deleted) {
    return (
      <p class="message-text muted" data-testid="chat-deleted">
        {deleted.byHost ? t.chat.deletedByHost(deleted.by.name) : t.chat.deletedByAuthor}
      </p>
    );
  }
  if (file) {
    return <FileBody file={file} meetingId={meetingId} secret={secret} />;
  }
  return (
    <p class="message-text" dir="auto" data-testid="chat-text">
      {pieces(text).map((piece, index) =>
        piece.href ? (
          <a key={index} href={piece.href} title={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            <bdi>{piece.text}</bdi>
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** Beside the name of a program: whatever it calls itself, it is nobody in the meeting. */
export function ProgramBadge() {
  return (
    <span class="badge" title={t.chat.programLead} data-testid="chat-program">
      {t.chat.program}
    </span>
  );
}

interface FileBodyProps {
  file: ChatFile;
  meetingId: string;
  secret: string;
}

function FileBody({ file, meetingId, secret }: FileBodyProps) {
  const isPicture = file.type.startsWith('image/') && file.size <= largestPicture;
  const save = async () => {
    try {
      const url = URL.createObjectURL(await getFile(meetingId, file.id, secret));
      const link = document.createElement('a');
      link.href = url;
      link.download = file.name;
      link.click();
      // The browser has taken it up by then.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      toast(refusalText(error instanceof Refusal ? error : new Refusal('unreachable', '')), 'bad');
    }
  };
  return (
    <div class="message-file" data-testid="chat-file">
      {isPicture && <Picture file={file} meetingId={meetingId} secret={secret} />}
      <button type="button" class="file-button" title={t.chat.save(file.name)} onClick={() => void save()}>
        <FileIcon />
        <bdi>{file.name}</bdi>
        <small>{byteSize(file.size)}</small>
      </button>
    </div>
  );
}

/** Loaded when it comes into sight. Of its bytes the browser makes a picture or nothing: the server has seen that it begins as one. */
function Picture({ file, meetingId, secret }: FileBodyProps) {
  const box = useRef<HTMLDivElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        observer.disconnect();
        getFile(meetingId, file.id, secret).then(
          (blob) => {
            if (!gone) {
              made = URL.createObjectURL(blob);
              setUrl(made);
            }
          },
          () => setFailed(true),
        );
      }
    });
    observer.observe(box.current as Element);
    return () => {
      gone = true;
      observer.disconnect();
      if (made) {
        URL.revokeObjectURL(made);
      }
    };
  }, [meetingId, file.id]);
  // No place is kept for what does not come.
  if (failed) {
    return null;
  }
  return (
    <div class="message-picture" ref={box}>
      {url && <img src={url} alt={file.name} data-testid="chat-picture" onError={() => setFailed(true)} />}
    </div>
  );
}
