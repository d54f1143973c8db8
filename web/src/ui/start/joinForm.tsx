import { useState } from 'preact/hooks';
import { t } from '../../strings';
import { Field } from '../controls';
import { navigate, paths } from '../router';
import { meetingIdIn } from '../text';

export function JoinForm() {
  const [input, setInput] = useState('');
  const [wrong, setWrong] = useState(false);

  const join = (event: Event) => {
    event.preventDefault();
    const id = meetingIdIn(input, location.host);
    if (id) {
      navigate(paths.meeting(id));
    } else {
      setWrong(true);
    }
  };

  return (
    <form class="stack" onSubmit={join}>
      <Field label={t.home.join} error={wrong ? t.home.notALink : null}>
        {(id) => (
          <div class="input-row">
            <input
              id={id}
              class="input"
              data-testid="link-input"
              value={input}
              placeholder={t.home.joinHint}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              required
              onInput={(e) => {
                setInput(e.currentTarget.value);
                setWrong(false);
              }}
            />
            <button type="submit" class="button plain" data-testid="link-join">
              {t.home.joinButton}
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}
