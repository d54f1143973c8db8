import { useEffect } from 'preact/hooks';
import { t } from '../strings';

/** What the tab is called. */
export function usePageTitle(title?: string): void {
  const { product } = t;
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title, product]);
}
