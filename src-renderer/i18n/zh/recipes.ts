import type { recipes as english } from '../en/recipes.ts'
import type { Translation } from '../translation.ts'

export const recipes: Translation<typeof english> = { title: 'recipes' }
