// `reprise datasets split`: how pictures come to their parts, and the parts as a file.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SplitRecipe } from '../shared/dataset-views.ts'
import { RepriseError } from '../shared/errors.ts'
import { changeNotes } from './dataset-health-command.ts'
import { withHost } from './host-connection.ts'
import { count } from './number-words.ts'
import type { Output } from './output.ts'
import { splitWords } from './split-words.ts'

export const splitKinds = ['given', 'ratio', 'group', 'k-fold'] as const

export interface SplitFlags {
  kind?: SplitRecipe['kind'] | undefined
  testShare?: number | undefined
  valShare?: number | undefined
  seed?: number | undefined
  stratified?: boolean | undefined
  expression?: string | undefined
  folds?: number | undefined
  /** From 1. */
  fold?: number | undefined
  export?: string | undefined
}

/** Splits anew with `kind`, writes the parts with `export`, and shows the split otherwise. */
export function splitDataset(id: string, flags: SplitFlags, output: Output): Promise<void> {
  const split = flags.kind === undefined ? noSplit(flags) : recipeOf(flags.kind, flags)
  return withHost(async (host) => {
    const before = await host.call(host.client.datasets.overview.query({ id }))
    const after = split ? await host.call(host.client.datasets.setSplit.mutate({ id, split })) : before
    const total = (part: 'train' | 'val' | 'test') => after.classes.reduce((sum, counts) => sum + counts[part], 0)
    const parts = { train: total('train'), val: total('val'), test: total('test') }
    const file = flags.export === undefined ? null : resolve(flags.export)
    if (file !== null) await writeFile(file, await host.call(host.client.datasets.exportSplit.query({ id })))
    output.result({ id, split: after.split, fingerprint: after.fingerprint, parts, file }, () =>
      [
        `${after.label}: ${splitWords(after.split)}`,
        `${count(parts.train)} training, ${count(parts.val)} validation and ${count(parts.test)} test pictures.`,
        ...changeNotes(before, after),
        ...(file === null ? [] : [`The parts are written to ${file}.`]),
      ].join('\n'),
    )
  })
}

const ofOneKind: Record<SplitRecipe['kind'], readonly (keyof SplitFlags)[]> = {
  given: ['valShare', 'seed'],
  ratio: ['testShare', 'valShare', 'seed', 'stratified'],
  group: ['testShare', 'valShare', 'seed', 'expression'],
  'k-fold': ['valShare', 'seed', 'stratified', 'folds', 'fold'],
}

const named = (flag: keyof SplitFlags) => `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

function givenFlags(flags: SplitFlags): (keyof SplitFlags)[] {
  const entries = Object.entries(flags) as [keyof SplitFlags, unknown][]
  return entries.flatMap(([flag, value]) =>
    value === undefined || ['kind', 'export', 'json'].includes(flag) ? [] : [flag],
  )
}

function noSplit(flags: SplitFlags): null {
  const [first] = givenFlags(flags)
  if (first === undefined) return null
  throw new RepriseError({
    code: 'usage',
    message: `${named(first)} needs --kind.`,
    expected: `--kind ${splitKinds.join(', ')}`,
    fix: 'Name the kind of split.',
  })
}

function recipeOf(kind: SplitRecipe['kind'], flags: SplitFlags): SplitRecipe {
  const foreign = givenFlags(flags).find((flag) => !ofOneKind[kind].includes(flag))
  if (foreign !== undefined) {
    throw new RepriseError({
      code: 'usage',
      message: `A split of kind ${kind} has no ${named(foreign)}.`,
      expected: ofOneKind[kind].map(named).join(', '),
      found: named(foreign),
    })
  }
  const { testShare = 0.2, valShare = 0, seed = 1, stratified = false, expression = null } = flags
  switch (kind) {
    case 'given':
      return { kind, valShare, seed }
    case 'ratio':
      return { kind, testShare, valShare, seed, stratified }
    case 'group':
      return { kind, testShare, valShare, seed, expression }
    case 'k-fold':
      return { kind, folds: flags.folds ?? 5, fold: (flags.fold ?? 1) - 1, valShare, seed, stratified }
  }
}
