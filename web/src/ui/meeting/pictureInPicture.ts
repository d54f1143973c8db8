import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { render } from 'preact';

/** Chromium's window of its own for a page (Document Picture-in-Picture, WICG). */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
}

const size = { width: 360, height: 260 };

/** Whether the browser can show something above other windows at all. Firefox leaves it to the person, on any video. */
export const canFloat = () =>
  'documentPictureInPicture' in window || (document.pictureInPictureEnabled && 'requestPictureInPicture' in video());

const video = () => HTMLVideoElement.prototype;

/** A small window above all others: the page's own where the browser has such windows, else the speaker's picture alone. */
export class PictureInPicture {
  readonly open = signal(false);
  /** What it shows of the picture, in CSS pixels. */
  readonly size = computed(() => (this.open.value ? size : null));

  readonly #picture: ReadonlySignal<MediaStream | null>;
  #close: () => void = () => {};

  constructor(picture: ReadonlySignal<MediaStream | null>) {
    this.#picture = picture;
  }

  /** To be called while a click is handled: browsers open such windows for nobody else. False when it could not be. */
  async toggle(content: () => ComponentChild): Promise<boolean> {
    if (this.open.value) {
      this.close();
      return true;
    }
    try {
      await (window.documentPictureInPicture
        ? this.#openWindow(window.documentPictureInPicture, content)
        : this.#float());
      return true;
    } catch {
      this.close();
      return false;
    }
  }

  close(): void {
    const close = this.#close;
    this.#close = () => {};
    this.open.value = false;
    close();
  }

  async #openWindow(browser: DocumentPictureInPicture, content: () => ComponentChild): Promise<void> {
    const opened = await browser.requestWindow(size);
    dress(opened.document);
    opened.document.body.className = 'floating';
    this.open.value = true;
    render(content(), opened.document.body);
    const closed = () => this.close();
    opened.addEventListener('pagehide', closed);
    this.#close = () => {
      opened.removeEventListener('pagehide', closed);
      render(null, opened.document.body);
      opened.close();
    };
  }

  /** An element of our own, so that the speaker may change in it. */
  async #float(): Promise<void> {
    const element = document.createElement('video');
    element.muted = true;
    element.playsInline = true;
    this.open.value = true;
    const stop = effect(() => {
      const stream = this.#picture.value;
      if (stream && element.srcObject !== stream) {
        element.srcObject = stream;
        element.play().catch(() => {});
      }
    });
    const closed = () => this.close();
    element.addEventListener('leavepictureinpicture', closed);
    this.#close = () => {
      stop();
      element.removeEventListener('leavepictureinpicture', closed);
      element.srcObject = null;
      if (document.pictureInPictureElement === element) {
        document.exitPictureInPicture().catch(() => {});
      }
    };
    await loaded(element);
    await element.requestPictureInPicture();
  }
}

/** The look of this page for another. */
function dress(page: Document): void {
  const { lang, dataset } = document.documentElement;
  page.documentElement.lang = lang;
  Object.assign(page.documentElement.dataset, dataset);
  page.title = document.title;
  for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    const link = page.createElement('link');
    link.rel = 'stylesheet';
    link.href = sheet.href;
    page.head.append(link);
  }
}

/** A video without a picture cannot float. */
function loaded(element: HTMLVideoElement): Promise<void> {
  return new Promise((resolve, reject) => {
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) {
      resolve();
      return;
    }
    const timer = setTimeout(() => reject(new Error('No picture.')), 3_000);
    element.addEventListener(
      'loadedmetadata',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
