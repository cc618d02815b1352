import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// Every view has a path of its own, so assets are addressed from the root; electron-vite would make them relative.
const assetsFromRoot = { name: 'assets-from-root', enforce: 'post', config: () => ({ base: '/' }) } as const

// Targets are set by hand: the same output runs in the Electron of package.json and in the older ones that tests can get
// (Electron 22: Node 16.17, Chrome 108). package.json is of type "module", so Electron's own files end in .cjs.
export default defineConfig({
  main: {
    build: {
      target: 'node16.17',
      externalizeDeps: false, // the shell needs no native module, so the window starts from one file
      outDir: 'out/main',
      lib: { entry: resolve('src-main/desktop/main.ts'), formats: ['cjs'], fileName: () => 'main.cjs' },
      rolldownOptions: { output: { entryFileNames: 'main.cjs' } },
    },
  },
  preload: {
    build: {
      target: 'node16.17',
      externalizeDeps: false, // a sandboxed preload has to be one file
      outDir: 'out/preload',
      lib: { entry: resolve('src-main/desktop/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rolldownOptions: { output: { entryFileNames: 'preload.cjs' } },
    },
  },
  renderer: {
    root: resolve('src-renderer'),
    plugins: [react(), assetsFromRoot],
    build: {
      target: 'chrome108',
      minify: true,
      assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
      outDir: resolve('out/renderer'),
      emptyOutDir: true,
      rolldownOptions: { input: resolve('src-renderer/index.html') },
    },
  },
})
