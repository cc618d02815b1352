export const runs = { title: 'runs' } as const
