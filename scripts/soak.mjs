// npm run soak -- [options]: kills, power cuts and full disks while trainings run; tools/soak/main.ts says how.
import { join } from 'node:path'
import { appFolder } from './set-up/app-folder.mjs'
import { setUp } from './set-up/app-set-up.mjs'
import { findNode24 } from './set-up/node24.mjs'
import { runInForeground } from './set-up/run-program.mjs'
import { createSteps, runMain } from './set-up/steps.mjs'

await runMain(async () => {
  await setUp(createSteps(3, { stream: process.stderr }), ['packages', 'node', 'tensorflow'])
  const program = join(appFolder, 'tools/soak/main.ts')
  process.exitCode = await runInForeground(findNode24(), [program, ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  })
})
