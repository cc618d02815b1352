// The process that looks at what users may add, so that no strange file can harm the host.
import { join } from 'node:path'
import { detectSource } from '../engine/data/readers/detect.ts'
import { unpackTarGz } from '../engine/data/readers/unpack-tar-gz.ts'
import { cacheFolder } from '../launch/data-folder.ts'
import type { LookAnswer, LookQuestion } from '../shared/worker-protocol.ts'
import { answerQuestions } from './answer-questions.ts'

answerQuestions<LookQuestion, LookAnswer>(async ({ path, boxRule }, signal) => {
  const found = await detectSource(path, {
    boxRule,
    signal,
    // Adding the archive finds it unpacked.
    unpackTarGz: (archive) => unpackTarGz(archive, join(cacheFolder(), 'unpacked'), { signal, onProgress: () => {} }),
  })
  const { reader, label, reason, storage } = found
  const isFiles = found.storage === 'files'
  return {
    path,
    reader,
    label,
    reason,
    storage,
    classes: isFiles ? found.classes : [],
    total: isFiles ? found.total : null,
    needsBoxRule: reader === 'coco' || reader === 'voc',
  }
})
