import { beforeEach, expect, test } from 'vitest'
import { redo, remember, type Undoable, undo, useUndoStore } from './undo-store.ts'

const log: string[] = []
const action = (name: string, fails = false): Undoable => ({
  words: () => name,
  undo: async () => {
    if (fails) throw new Error('gone')
    log.push(`undo ${name}`)
  },
  redo: async () => void log.push(`redo ${name}`),
})

beforeEach(() => {
  log.length = 0
  useUndoStore.setState({ done: [], undone: [] })
})

test('actions are taken back newest first, and done again in the order they were made', async () => {
  for (const name of ['a', 'b', 'c']) remember(action(name))
  await undo()
  await undo()
  await redo()
  expect(log).toEqual(['undo c', 'undo b', 'redo b'])
  const { done, undone } = useUndoStore.getState()
  expect([done.map(({ words }) => words()), undone.map(({ words }) => words())]).toEqual([['a', 'b'], ['c']])
})

test('a new action forgets what had been undone', async () => {
  remember(action('a'))
  await undo()
  remember(action('b'))
  expect(await redo()).toBeNull()
})

test('keys pressed faster than the engine answers take back one action each', async () => {
  for (const name of ['a', 'b']) remember(action(name))
  await Promise.all([undo(), undo(), undo()])
  expect(log).toEqual(['undo b', 'undo a'])
})

test('one that is no longer possible is dropped, and those below it stay', async () => {
  remember(action('a'))
  remember(action('b', true))
  await expect(undo()).rejects.toThrow('gone')
  expect((await undo())?.words()).toBe('a')
  expect((await redo())?.words()).toBe('a')
  expect(await redo()).toBeNull()
})

test('a toast takes back its own action, not the newest', async () => {
  const first = action('a')
  remember(first)
  remember(action('b'))
  await undo(first)
  expect(log).toEqual(['undo a'])
  expect(await undo(first)).toBeNull()
})

test('an undo that comes before the end of an action waits for it, and takes back that action', async () => {
  remember(action('a'))
  let finish = () => {}
  remember(
    action('b'),
    new Promise<void>((done) => {
      finish = () => {
        log.push('b is done')
        done()
      }
    }),
  )
  const undone = undo()
  finish()
  expect((await undone)?.words()).toBe('b')
  expect(log).toEqual(['b is done', 'undo b'])
})

test('an action that fails leaves the stack, and an undo takes back the one below', async () => {
  remember(action('a'))
  remember(action('b'), Promise.reject(new Error('refused')))
  expect((await undo())?.words()).toBe('a')
})
