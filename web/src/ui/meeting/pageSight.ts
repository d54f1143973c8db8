import { signal } from '@preact/signals';

/** A tab that is hidden for less than this goes on as if it were seen, in milliseconds. */
const hiddenAfter = 5_000;

type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/** Whether anybody can see the page. Back in sight counts at once. */
export class PageSight {
  readonly seen = signal(true);

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #page: Page;
  readonly #onChange = () => this.#look();

  constructor(page: Page) {
    this.#page = page;
    page.addEventListener('visibilitychange', this.#onChange);
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#page.removeEventListener('visibilitychange', this.#onChange);
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#page.visibilityState === 'hidden') {
      this.#timer = setTimeout(() => {
        this.seen.value = false;
      }, hiddenAfter);
    } else {
      this.seen.value = true;
    }
  }
}
