// The commands of `reprise`, their options, and what becomes of errors.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { appVersion } from '../launch/resources.ts'
import { type QueuePriority, queuePriorities } from '../shared/api.ts'
import { findingKinds } from '../shared/dataset-views.ts'
import { toErrorReport } from '../shared/errors.ts'
import { positionResizes } from '../shared/registry/position-resize.ts'
import { boxRules } from '../shared/registry/readers.ts'
import { emptyBin, listBin, removeRun, restoreRun } from './bin-command.ts'
import { checkDataset, excludePictures, showDataset } from './dataset-health-command.ts'
import { splitDataset, splitKinds } from './dataset-split-command.ts'
import { addDataset, fetchDataset, listDatasets, lookAtSource, removeDataset } from './datasets-command.ts'
import { examine } from './doctor-command.ts'
import { checkModels, listModels } from './models-command.ts'
import { commandOutput, exitStatus, type Output } from './output.ts'
import { predictPictures } from './predict-command.ts'
import { probeRecipe } from './probe-command.ts'
import { proveResume } from './prove-resume-command.ts'
import { holdQueue, moveInQueue, setPriority, showQueue } from './queue-command.ts'
import { listRecipes, showRecipe } from './recipes-command.ts'
import { trainRecipe } from './run-command.ts'
import { pauseRun, resumeRun } from './run-control-command.ts'
import { listRuns, showRun, stopRun } from './runs-command.ts'
import { startSweep } from './sweep-command.ts'

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

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < 1) return value
  throw new InvalidArgumentError('It must be a fraction such as 0.2.')
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
  command(runs, 'pause', 'pause a run after the step in progress')
    .argument('<run>', 'id of a run')
    .option('--free-device', 'end its process and free the device; without it, it waits and keeps both')
    .action((id: string, options) => pauseRun(id, options, output(options)))
  command(runs, 'resume', 'let a run go on from what it has saved')
    .argument('<run>', 'id of a run that was paused, stopped or broken off')
    .option('--lr-scale <factor>', 'multiply its learning rates from here on; the verdict tells of it', positive)
    .action((id: string, options) => resumeRun(id, options, output(options)))
  command(runs, 'prove-resume', 'prove that a training which is broken off ends bit by bit as one that is not')
    .argument('<subject>', 'id of a recipe, or of a run, which then keeps the certificate')
    .option('--set <key=value>', 'change a setting of the recipe; may be repeated', collect)
    .option('--limit <pictures>', 'use only the first so many pictures of training and of test', wholeNumber)
    .action((subject: string, options) => proveResume(subject, options, output(options)))
  command(runs, 'remove', 'move a run to the bin')
    .argument('<run>', 'id of a run')
    .action((id: string, options) => removeRun(id, output(options)))
  command(runs, 'bin', 'the runs in the bin, with their sizes').action((options) => listBin(output(options)))
  command(runs, 'restore', 'take a run out of the bin')
    .argument('<run>', 'id of a run in the bin')
    .action((id: string, options) => restoreRun(id, output(options)))
  command(runs, 'empty-bin', 'delete runs in the bin for good')
    .argument('[run...]', 'ids of runs in the bin; all when none is given')
    .action((ids: string[], options) => emptyBin(ids, output(options)))

  const queue = command(program, 'queue', 'the runs that wait, in order')
  queue.action((options) => showQueue(output(options)))
  const queueCommand = (usage: string, description: string) =>
    queue.command(usage).description(description).option('--json', 'print JSON, and nothing else, on stdout')
  queueCommand('list', 'the same').action((_options, self: Command) => showQueue(output(self.optsWithGlobals())))
  queueCommand('hold', 'start no run by itself; one that trains goes on').action((_options, self: Command) =>
    holdQueue(true, output(self.optsWithGlobals())),
  )
  queueCommand('go-on', 'start runs again').action((_options, self: Command) =>
    holdQueue(false, output(self.optsWithGlobals())),
  )
  queueCommand('move', 'give a run another place among those of its priority')
    .argument('<run>', 'id of a run that waits')
    .argument('<place>', '1 is the first', wholeNumber)
    .action((id: string, place: number, _options, self: Command) =>
      moveInQueue(id, place, output(self.optsWithGlobals())),
    )
  queueCommand('priority', 'let a run go before or after others')
    .argument('<run>', 'id of a run that waits')
    .addArgument(new Argument('<priority>', 'those of a higher one start first').choices(queuePriorities))
    .action((id: string, priority: QueuePriority, _options, self: Command) =>
      setPriority(id, priority, output(self.optsWithGlobals())),
    )

  command(program, 'sweep', 'queue many runs of a recipe, over values of some settings')
    .argument('<recipe>', 'id of a recipe, see "reprise recipes"')
    .option('--grid <key=a,b,...>', 'every one of these values; with more keys, every combination', collect)
    .option('--random <key=min..max>', 'values drawn between; append :log for a logarithmic scale', collect)
    .option('--count <number>', 'how many runs to draw: 10 when left out', wholeNumber)
    .option('--draw-seed <number>', 'seed of the draws: 1 when left out', wholeNumber)
    .option('--set <key=value>', 'change a setting in all of them; may be repeated', collect)
    .option('--seeds <number>', 'how many seeds each of them trains', wholeNumber)
    .option('--name <name>', 'name of the sweep in the history')
    .addOption(new Option('--priority <priority>', 'their place in the queue').choices(queuePriorities))
    .option('--dry-run', 'only say what each run would change')
    .action((id: string, options) => startSweep(id, options, output(options)))

  command(program, 'probe', 'train a few steps of a recipe: time, memory and disk that a run takes here')
    .argument('<recipe>', 'id of a recipe, see "reprise recipes"')
    .option('--set <key=value>', 'change a setting; may be repeated', collect)
    .option('--seeds <number>', 'how many seeds the run would train', wholeNumber)
    .action((id: string, options) => probeRecipe(id, options, output(options)))

  const datasets = program.command('datasets').description('data sets on this machine')
  command(datasets, 'list', 'known data sets and your own').action((options) => listDatasets(output(options)))
  const knownId = ['<id>', 'id of a data set, see "reprise datasets list"'] as const
  const boxRule = () => new Option('--box-rule <rule>', 'how boxes become one class of a picture').choices(boxRules)
  command(datasets, 'add', 'read a folder of pictures, an archive, a list, or benchmark files of yours')
    .argument('<path>', 'folder or file')
    .option('--id <id>', 'short name to use in recipes and settings')
    .option('--skip-broken', 'leave out pictures that cannot be read instead of refusing')
    .addOption(boxRule())
    .option('--fit <pixels>', 'decode every picture to a square of this side and keep the pixels', wholeNumber)
    .option('--no-check', 'do not wait for the check of all pictures')
    .action((path: string, options) => addDataset(path, options, output(options)))
  command(datasets, 'look', 'what a folder or file would be read as, without adding it')
    .argument('<path>', 'folder or file')
    .addOption(boxRule())
    .action((path: string, options) => lookAtSource(path, options, output(options)))
  command(datasets, 'show', 'one data set: classes, split, what the last check found')
    .argument(...knownId)
    .action((id: string, options) => showDataset(id, output(options)))
  command(datasets, 'check', 'look at every picture; exit status 1 when there are problems')
    .argument(...knownId)
    .action((id: string, options) => checkDataset(id, output(options)))
  command(datasets, 'exclude', 'leave out the pictures of a finding; the fingerprint changes')
    .argument(...knownId)
    .addOption(new Option('--finding <kind>', 'a finding of the check').choices(findingKinds).makeOptionMandatory())
    .option('--undo', 'take them back')
    .action((id: string, options) => excludePictures(id, options, output(options)))
  command(datasets, 'split', 'show, change or export which pictures are trained, validated and tested on')
    .argument(...knownId)
    .addOption(new Option('--kind <kind>', 'split anew').choices(splitKinds))
    .option('--test-share <fraction>', 'share of the test part (ratio, group): 0.2 when left out', share)
    .option('--val-share <fraction>', 'share of training held out for validation: 0 when left out', share)
    .option('--seed <number>', 'seed of the split: 1 when left out', wholeNumber)
    .option('--stratified', 'class by class (ratio, k-fold)')
    .option('--expression <regexp>', 'its first bracket names the group of a picture (group)')
    .option('--folds <number>', 'how many folds (k-fold): 5 when left out', wholeNumber)
    .option('--fold <number>', 'which fold is the test part, from 1 (k-fold)', wholeNumber)
    .option('--export <file>', 'write name, class and part of every picture as CSV')
    .action((id: string, options) => splitDataset(id, options, output(options)))
  command(datasets, 'remove', 'forget a data set and delete what was prepared; your own files stay')
    .argument(...knownId)
    .action((id: string, options) => removeDataset(id, output(options)))
  command(datasets, 'fetch', 'fetch a known data set')
    .argument(...knownId)
    .action((id: string, options) => fetchDataset(id, output(options)))

  command(program, 'doctor', 'check what training needs, one sentence each').action((options) =>
    examine(output(options)),
  )
  return program
}
