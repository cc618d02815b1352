import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { manifestFile, type RecognisedTest, readManifest, summaryOf } from '../engine/data/dataset-manifest.ts'
import { draw } from '../engine/data/drawn-pictures-for-tests.ts'
import { fixtureIn } from '../engine/data/readers/fixtures.ts'
import { temporaryFolder } from '../engine/data/temporary-folder.ts'
import { indexFile, openPictureIndex } from '../picture-index/open-index.ts'
import type { Part, SplitRecipe } from '../shared/dataset-views.ts'
import type { ChangeDataJob } from '../shared/worker-protocol.ts'
import { changeDataset } from './dataset-changes.ts'
import { jobIn, recordingOptions } from './preparation-for-tests.ts'
import { prepareDataset } from './prepare-dataset.ts'

/** Named as ImageNet's folders, of sizes that are not decoded. */
async function drawnFolders(): Promise<string> {
  const root = join(temporaryFolder(), 'drawn')
  for (const [part, count] of [
    ['train', 4],
    ['val', 2],
  ] as const) {
    for (let i = 0; i < count; i++) {
      for (const synset of ['n01440764', 'n01443537']) {
        await draw(join(root, part, synset, `${i}.jpg`), { width: 70 + i, height: 66 })
      }
    }
  }
  return root
}

const sources = {
  pixels: async () => fixtureIn('tar', 'svhn', 'plain'),
  files: drawnFolders,
}
const storages = ['pixels', 'files'] as const

async function prepare(storage: (typeof storages)[number]) {
  const folder = temporaryFolder()
  const job = jobIn(folder, { datasetId: 'mine', path: await sources[storage]() })
  const { data } = await prepareDataset(job, recordingOptions(folder))
  return { datasetsDir: job.datasetsDir, data }
}

describe.each(storages)('%s in the form of a benchmark, of other pictures', (storage) => {
  it('is no benchmark', async () => {
    const { data, datasetsDir } = await prepare(storage)
    expect(data).toMatchObject({ benchmark: false, benchmarkTest: null })
    expect(data).not.toHaveProperty('benchmarkBy')
    expect(await readManifest(datasetsDir, 'mine')).toMatchObject({ storage, benchmark: null, recognisedTest: null })
  })
})

describe.each(storages)('a test set of %s that was recognised', (storage) => {
  /** As if it had been recognised: real benchmarks are too large for a test. */
  async function recognised(test: RecognisedTest) {
    const { datasetsDir } = await prepare(storage)
    const file = join(datasetsDir, 'mine', manifestFile)
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), recognisedTest: test }))
    const index = openPictureIndex(join(datasetsDir, 'mine', indexFile), { readonly: true })
    const first = Object.fromEntries(
      (['train', 'test'] as const).map((part) => [part, index.partRows(part).pictures[0] ?? -1]),
    ) as Record<Exclude<Part, 'val'>, number>
    index.close()
    const change = async (what: ChangeDataJob['change']) => {
      const { benchmarkTest, benchmarkBy } = summaryOf(await changeDataset(datasetsDir, 'mine', what))
      return [benchmarkTest, benchmarkBy]
    }
    return {
      exclude: (part: 'train' | 'test', excluded: boolean) =>
        change({ kind: 'exclude', pictures: [first[part]], excluded }),
      split: (split: SplitRecipe) => change({ kind: 'split', split }),
    }
  }

  it.each(['files', 'counts'] as const)('by %s stays so as long as all of its pictures are in use', async (by) => {
    const { exclude, split } = await recognised({ benchmark: 'svhn', by })
    expect(await exclude('train', true)).toEqual(['svhn', by])
    expect(await exclude('train', false)).toEqual(['svhn', by])
    expect(await exclude('test', true)).toEqual([null, undefined])
    expect(await exclude('test', false)).toEqual(['svhn', by])
    expect(await split({ kind: 'ratio', testShare: 0.5, valShare: 0, seed: 1, stratified: false })).toEqual([
      null,
      undefined,
    ])
    expect(await split({ kind: 'given', valShare: 0, seed: 2 })).toEqual(['svhn', by])
  })
})
