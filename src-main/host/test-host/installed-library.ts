// A libtensorflow that looks installed; scripted workers never load it.
import type { LibrarySource } from '../machine/tensorflow-library.ts'

export const installedLibrary: LibrarySource = {
  find: async () => ({
    folder: '/nowhere',
    libraries: [],
    cudaFolders: [],
    version: '2.21.0',
    variant: 'cpu',
    source: 'install',
  }),
  install: () => Promise.reject(new Error('nothing to install')),
}
