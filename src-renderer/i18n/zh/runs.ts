import type { runs as english } from '../en/runs.ts'
import type { Translation } from '../translation.ts'

export const runs: Translation<typeof english> = { title: 'runs' }
