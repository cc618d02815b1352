import type { datasets as english } from '../en/datasets.ts'
import type { Translation } from '../translation.ts'

export const datasets: Translation<typeof english> = { title: 'datasets' }
