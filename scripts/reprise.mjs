// npm run -s reprise -- <command>: the command line. Sets up what the command needs, silently when it is there.
import { join } from 'node:path'
import { appFolder } from './set-up/app-folder.mjs'
import { setUp } from './set-up/app-set-up.mjs'
import { findNode24 } from './set-up/node24.mjs'
import { runInForeground } from './set-up/run-program.mjs'
import { createSteps, runMain } from './set-up/steps.mjs'

await runMain(async () => {
  const args = process.argv.slice(2)
  const help = args.includes('--help') || args.includes('-h')
  const commandsThatTrain = [['run'], ['probe'], ['runs', 'resume'], ['runs', 'prove-resume']]
  const trains = !help && commandsThatTrain.some((words) => words.every((word, i) => args[i] === word))
  const needed = trains ? ['packages', 'node', 'tensorflow'] : ['packages', 'node']
  await setUp(createSteps(needed.length, { stream: process.stderr, quiet: true }), needed)
  process.exitCode = await runInForeground(findNode24(), [join(appFolder, 'src-main/cli/main.ts'), ...args], {
    // npm runs scripts in the app's folder; paths in the arguments are meant from where the user stands.
    cwd: process.env.INIT_CWD ?? process.cwd(),
  })
})
