// The process that reads pictures for the eye and looks at sources, so that no decoder and no strange file can harm the host.
import { join } from 'node:path'
import { detectSource } from '../engine/data/readers/detect.ts'
import { unpackTarGz } from '../engine/data/readers/unpack-tar-gz.ts'
import { cacheFolder } from '../launch/data-folder.ts'
import type { SourceLook } from '../shared/dataset-views.ts'
import type { BoxRule } from '../shared/registry/readers.ts'
import type { PicturesAnswer, PicturesQuestion } from '../shared/worker-protocol.ts'
import { answerQuestions } from './answer-questions.ts'
import { createPictureShelf } from './picture-shelf.ts'

const shelf = createPictureShelf()

answerQuestions<PicturesQuestion, PicturesAnswer>(async (question, signal) => {
  switch (question.type) {
    case 'picture':
      return { type: 'picture', ...(await shelf.thumbnail(question, signal)) }
    case 'look':
      return { type: 'look', look: await lookAt(question.path, question.boxRule, signal) }
  }
})

async function lookAt(path: string, boxRule: BoxRule, signal: AbortSignal): Promise<SourceLook> {
  const found = await detectSource(path, {
    boxRule,
    signal,
    // Adding the archive finds it unpacked.
    unpackTarGz: (archive) =>
      unpackTarGz(archive, join(cacheFolder(), 'unpacked'), {
        signal,

        onProgress: () => {},
      }),
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
}
