// npm run build: builds the interface and the desktop shell into out/.
import { ensureAppBuild } from './set-up/app-build.mjs'
import { setUp } from './set-up/app-set-up.mjs'
import { createSteps, runMain } from './set-up/steps.mjs'

await runMain(async () => {
  const steps = createSteps(3)
  await setUp(steps, ['packages', 'node'])
  await steps.run('interface', (progress) => ensureAppBuild(progress, { always: true }))
})
