import type { Settings } from '../../../src-main/shared/api.ts'
import { attempt } from '../../frame/attempt.ts'
import { changeSettings } from '../../stores/engine-store.ts'

/** Changes settings at once; a toast says why when the engine refuses. */
export function change(patch: Partial<Settings>): void {
  void attempt(() => changeSettings(patch))
}
