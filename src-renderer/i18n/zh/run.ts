import type { run as english } from '../en/run.ts'
import type { Translation } from '../translation.ts'

export const run: Translation<typeof english> = {}
