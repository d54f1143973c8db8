import type { InputImage, Options, ResultsListener } from '@mediapipe/selfie_segmentation';
import graphUrl from '@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url';
import scriptUrl from '@mediapipe/selfie_segmentation/selfie_segmentation.js?url';
import modelUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url';
import loaderUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url';
import wasmUrl from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url';

/** What the package's script puts into `window`: it is no module. */
interface Segmenter {
  setOptions(options: Options): void;
  onResults(listener: ResultsListener): void;
  initialize(): Promise<void>;
  send(input: { image: InputImage }): Promise<void>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    SelfieSegmentation?: new (config: { locateFile(name: string): string }) => Segmenter;
  }
}

/** Its files, all from our own server. Browsers without SIMD do without a blur. */
const files: Readonly<Record<string, string>> = {
  'selfie_segmentation.binarypb': graphUrl,
  'selfie_segmentation_solution_simd_wasm_bin.js': loaderUrl,
  'selfie_segmentation_solution_simd_wasm_bin.wasm': wasmUrl,
  'selfie_segmentation_landscape.tflite': modelUrl,
};

/** Tells the person from what is behind them: MediaPipe's selfie segmentation, its smaller model. It needs WebGL and WebAssembly. */
export async function openSegmenter(): Promise<Segmenter> {
  if (!document.createElement('canvas').getContext('webgl2')) {
    throw new Error('No WebGL.');
  }
  await loadScript(scriptUrl);
  if (!window.SelfieSegmentation) {
    throw new Error('No segmentation.');
  }
  const segmenter = new window.SelfieSegmentation({ locateFile: (name) => files[name] ?? `/no-such-file/${name}` });
  segmenter.setOptions({ modelSelection: 1 });
  await segmenter.initialize();
  return segmenter;
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`No ${url}`));
    document.head.append(script);
  });
}
