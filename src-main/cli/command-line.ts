// The commands of `reprise`, their options, and what becomes of errors.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { appVersion } from '../launch/resources.ts'
import { toErrorReport } from '../shared/errors.ts'
import { positionResizes } from '../shared/registry/position-resize.ts'
import { addDataset, fetchDataset, listDatasets } from './datasets-command.ts'
import { examine } from './doctor-command.ts'
import { checkModels, listModels } from './models-command.ts'
import { commandOutput, exitStatus, type Output } from './output.ts'
import { predictPictures } from './predict-command.ts'
import { listRecipes, showRecipe } from './recipes-command.ts'
import { trainRecipe } from './run-command.ts'
import { listRuns, showRun, stopRun } from './runs-command.ts'

/** Runs one command. Resolves with the exit status: 0, 1 on failure, 2 on wrong usage. Never rejects. */
export async function runCommandLine(args: readonly string[]): Promise<0 | 1 | 2> {
  const program = commands()
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said on stderr what is wrong, or has printed the help or the version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const report = toErrorReport(error)
    commandOutput(args.includes('--json')).error(report)
    return exitStatus(report.code)
  }
}

const collect = (text: string, before: string[] = []) => [...before, text]

function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('It must be a whole number, 1 or more.')
}

function commands(): Command {
  const program = new Command('reprise')
    .description('Reproduce image-classification papers on your own machine.')
    .version(appVersion(), '-V, --version', 'print the version')
    .showHelpAfterError('Add --help to see what the command takes.')
    .exitOverride()

  const command = (parent: Command, usage: string, description: string) =>
    parent.command(usage).description(description).option('--json', 'print JSON, and nothing else, on stdout')
  const output = (options: { json?: boolean }): Output => commandOutput(options.json === true)

  const recipes = command(program, 'recipes', 'list the papers that can be reproduced')
  recipes.action((options) => listRecipes(output(options)))
  recipes
    .command('show')
    .description('every setting of a recipe, its paper and its known traps')
    .argument('<recipe>', 'id of a recipe')
    .option('--json', 'print JSON, and nothing else, on stdout')
    .action((id: string, _options, self: Command) => showRecipe(id, output(self.optsWithGlobals())))

  command(program, 'run', 'train a recipe and judge it against its paper')
    .argument('<recipe>', 'id of a recipe, see "reprise recipes"')
    .option('--set <key=value>', 'change a setting, such as optimizer.lr=0.05; may be repeated', collect)
    .option('--seed <number>', 'train this seed (with --seeds: the first one)', wholeNumber)
    .option('--seeds <number>', 'how many seeds to train', wholeNumber)
    .option('--name <name>', 'name of the run in the history')
    .action((id: string, options) => trainRecipe(id, options, output(options)))

  const models = program.command('models').description('the architectures that can be trained')
  command(models, 'list', 'every architecture: parameters, multiply-adds, input, paper').action((options) =>
    listModels(output(options)),
  )
  command(models, 'check', 'build the architectures and compare their counts with the published ones')
    .argument('[model...]', 'names, see "reprise models list"; all when none is given')
    .action((names: string[], options) => checkModels(names, output(options)))

  command(program, 'predict', 'what an architecture with given weights says of pictures')
    .option('--arch <model>', 'name of an architecture, see "reprise models list"; models of Keras may name it')
    .requiredOption(
      '--weights <file>',
      'of PyTorch (.safetensors, .pth, .pt), Keras (.keras, .h5) or TF.js (model.json)',
    )
    .requiredOption('--images <path...>', 'pictures, one or more')
    .option('--size <pixels>', 'side of the input, for vision transformers; positions are resampled', wholeNumber)
    .addOption(new Option('--position-resize <reference>', 'whose resampling of positions').choices(positionResizes))
    .action((options) => predictPictures(options, output(options)))

  const runs = program.command('runs').description('the history of runs')
  command(runs, 'list', 'all runs, newest first').action((options) => listRuns(output(options)))
  command(runs, 'show', 'one run: seeds, figures, verdict')
    .argument('<run>', 'id of a run')
    .action((id: string, options) => showRun(id, output(options)))
  command(runs, 'stop', 'stop a run and keep what it has')
    .argument('<run>', 'id of a run')
    .option('--after-epoch', 'let it finish its epoch first')
    .action((id: string, options) => stopRun(id, options.afterEpoch ? 'epoch' : 'now', output(options)))

  const datasets = program.command('datasets').description('data sets on this machine')
  command(datasets, 'list', 'known data sets and your own').action((options) => listDatasets(output(options)))
  command(datasets, 'add', 'read a folder of class folders, an archive, or benchmark files of yours')
    .argument('<path>', 'folder or file')
    .option('--id <id>', 'short name to use in recipes and settings')
    .option('--skip-broken', 'leave out pictures that cannot be read instead of refusing')
    .action((path: string, options) => addDataset(path, options, output(options)))
  command(datasets, 'fetch', 'fetch a known data set')
    .argument('<id>', 'id of a data set, see "reprise datasets list"')
    .action((id: string, options) => fetchDataset(id, output(options)))

  command(program, 'doctor', 'check what training needs, one sentence each').action((options) =>
    examine(output(options)),
  )
  return program
}
