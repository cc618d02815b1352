// Changes for tests: exclusions in the index, and a fingerprint that counts them. A split is only kept.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DatasetManifest, summaryOf } from '../../engine/data/dataset-manifest.ts'
import { indexFile, openPictureIndex } from '../../picture-index/open-index.ts'
import type { ChangeDataJob, ChangerToHost } from '../../shared/worker-protocol.ts'

function change({ datasetsDir, datasetId, change: wanted }: ChangeDataJob): DatasetManifest {
  const folder = join(datasetsDir, datasetId)
  const file = join(folder, 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as DatasetManifest
  if (wanted.kind === 'split') manifest.split = wanted.split
  else {
    const index = openPictureIndex(join(folder, indexFile), { readonly: false })
    const pictures = 'finding' in wanted ? index.members(wanted.finding).map(({ picture }) => picture) : wanted.pictures
    index.setExcluded(pictures, wanted.excluded)
    const leftOut = index.classCounts().filter(({ excluded }) => excluded)
    manifest.leftOut = { train: leftOut.reduce((sum, { count }) => sum + count, 0), val: 0, test: 0 }
    index.close()
  }
  manifest.fingerprint = String(manifest.leftOut.train + (manifest.split.valShare > 0 ? 1 : 0)).padStart(64, 'b')
  writeFileSync(file, JSON.stringify(manifest))
  return manifest
}

process.on('message', ({ job }: { job: ChangeDataJob }) => {
  const message: ChangerToHost = { type: 'changed', data: summaryOf(change(job)) }
  process.send?.(message, () => process.disconnect())
})
