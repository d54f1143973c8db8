import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Refusal } from '../signalling/refusal';
import { t } from '../strings';
import { refusalText } from './refusalText';

/** A page that few visit: its code is loaded when they do. */
export function LazyPage({ load }: { load: () => Promise<ComponentType> }) {
  const [page, setPage] = useState<{ Component: ComponentType } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (Component) => setPage({ Component }),
      () => setFailed(true),
    );
  }, [load]);
  if (page) {
    return <page.Component />;
  }
  return <p class="page muted">{failed ? refusalText(new Refusal('unreachable', '')) : t.loading}</p>;
}
