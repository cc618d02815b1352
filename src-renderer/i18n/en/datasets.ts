export const datasets = { title: 'datasets' } as const
