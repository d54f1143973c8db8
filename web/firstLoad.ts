import type { Plugin } from 'vite';

/** What a first visit may take over the network, compressed, in bytes. */
const most = 120_000;

/**
 * Prints what a first visit takes: the page, what it names, and of what is loaded on demand the largest piece (a language). Too much
 * fails the build.
 */
export function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    async writeBundle(_, bundle) {
      const named = new Set<string>(Object.keys(bundle).filter((name) => /\.(html|css)$/.test(name)));
      const name = (chunk: string) => {
        const file = bundle[chunk];
        if (file?.type === 'chunk' && !named.has(chunk)) {
          named.add(chunk);
          file.imports.forEach(name);
        }
      };
      let onDemand = 0;
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry) {
          name(file.fileName);
        } else if (file.type === 'chunk' && file.isDynamicEntry) {
          onDemand = Math.max(onDemand, await compressed(file.code));
        }
      }
      let always = 0;
      for (const chunk of named) {
        const file = bundle[chunk];
        always += file ? await compressed(file.type === 'chunk' ? file.code : file.source) : 0;
      }
      const total = always + onDemand;
      const said = `First load: ${kilobytes(total)} gzip, ${kilobytes(most)} at most`;
      if (total > most) {
        this.error(said);
      }
      this.info(said);
    },
  };
}

async function compressed(content: string | Uint8Array): Promise<number> {
  const stream = new Blob([content as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
