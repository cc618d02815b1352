import { engineClient } from '../../client/current-client.ts'
import { attempt } from '../../frame/attempt.ts'

/** Begins to install TensorFlow; progress and failure arrive as events. */
export async function installTensorflow(): Promise<void> {
  await attempt(() => engineClient().setup.installTensorflow())
}
