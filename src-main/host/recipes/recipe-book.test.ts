import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resourcesFolder } from '../../launch/resources.ts'
import type { RecipeProblem } from '../../shared/api.ts'
import { RepriseError } from '../../shared/errors.ts'
import { temporaryFolder } from '../test-host/start-test-host.ts'
import { createRecipeBook } from './recipe-book.ts'

const shipped = join(resourcesFolder(), 'recipes')

function copyOfRecipes(): string {
  const folder = join(temporaryFolder(), 'recipes')
  mkdirSync(folder)
  cpSync(shipped, folder, { recursive: true })
  return folder
}

function errorOf(action: () => unknown): RepriseError {
  try {
    action()
  } catch (error) {
    if (error instanceof RepriseError) return error
    throw error
  }
  throw new Error('it did not fail')
}

test('every recipe that ships can be read', () => {
  const book = createRecipeBook(shipped, () => {})
  expect(book.problems()).toEqual([])
  expect(book.recipes()).toHaveLength(readdirSync(shipped).filter((name) => name.endsWith('.json')).length)
})

test('a broken file is named, told once, and hides no other', () => {
  const folder = copyOfRecipes()
  writeFileSync(join(folder, 'broken.json'), '{ "id": "broken", ')
  writeFileSync(join(folder, 'half.json'), '{ "id": "half" }')
  const told: RecipeProblem[] = []
  const book = createRecipeBook(folder, (problem) => told.push(problem))
  expect(book.recipes().length).toBe(createRecipeBook(shipped, () => {}).recipes().length)
  expect(book.problems().map(({ file, error }) => [file, error.code])).toEqual([
    ['broken.json', 'recipe-invalid'],
    ['half.json', 'recipe-invalid'],
  ])
  expect(told).toHaveLength(2)
  expect(errorOf(() => book.get('half')).message).toContain('half.json')
})

test('a file that is corrected is read again', () => {
  const folder = copyOfRecipes()
  const file = join(folder, 'mnist-lenet5.json')
  const book = createRecipeBook(folder, () => {})
  expect(book.get('mnist-lenet5').id).toBe('mnist-lenet5')
  rmSync(file)
  writeFileSync(file, 'nothing')
  expect(errorOf(() => book.get('mnist-lenet5')).code).toBe('recipe-invalid')
  cpSync(join(shipped, 'mnist-lenet5.json'), file)
  expect(book.get('mnist-lenet5').id).toBe('mnist-lenet5')
})

test('an unknown id is answered with the known ones', () => {
  const error = errorOf(() => createRecipeBook(shipped, () => {}).get('mnist-lenet6'))
  expect(error.code).toBe('unknown-recipe')
  expect(error.expected).toContain('mnist-lenet5')
  expect(error.found).toBe('mnist-lenet6')
})
