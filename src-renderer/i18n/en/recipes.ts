export const recipes = { title: 'recipes' } as const
