// Shows the steps of a set-up, each on one line with its seconds. A terminal sees the line change while the step runs;
// elsewhere a line is printed when a step turns out to take long, every few seconds while it does, and at its end.

/** An error that is shown as sentences, without a stack: what happened and what to do. */
export class SetUpError extends Error {
  constructor(message, fix) {
    super(message)
    this.fix = fix
  }
}

const slowAfterMs = 1000
const repeatEveryMs = 10_000

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

/**
 * @param {number} total how many steps there will be
 * @param {{stream?: NodeJS.WriteStream, quiet?: boolean}} options quiet: a step that is done at once is not shown
 */
export function createSteps(total, { stream = process.stdout, quiet = false } = {}) {
  const live = stream.isTTY === true
  let number = 0

  /**
   * Runs one step. `work` gets a function that changes the words beside the step's name, and returns the last ones.
   * A step with output of its own (`loud`) is announced first and not rewritten.
   */
  async function run(name, work, { loud = false } = {}) {
    number += 1
    const label = `[${number}/${total}] ${name}`
    const startedAt = Date.now()
    let words = ''
    let shown = false
    let shownAt = 0
    const line = () => `${label}${words === '' ? '' : `: ${words}`}`
    const show = () => {
      if (loud || Date.now() - startedAt < slowAfterMs) return
      if (!live && Date.now() - shownAt < repeatEveryMs) return
      shown = true
      shownAt = Date.now()
      const text = `${line()} (${seconds(startedAt)})`
      stream.write(live ? `\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`)
    }
    const end = (text) => {
      clearInterval(timer)
      if (quiet && !shown) return
      stream.write(`${live && !loud ? '\r\x1b[K' : ''}${text} (${seconds(startedAt)})\n`)
    }
    if (loud) stream.write(`${label}\n`)
    const timer = setInterval(show, live ? 250 : slowAfterMs)
    try {
      const result = await work((text) => {
        words = text
      })
      end(`${label}: ${result?.words ?? 'done'}`)
      return result
    } catch (error) {
      quiet = false
      end(`${label}: failed`)
      throw error
    }
  }

  return { run }
}

/** Runs a script's main function; an error of the set-up is shown as sentences, and the exit status becomes 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    if (error instanceof SetUpError) process.stderr.write(`${error.message}\n${error.fix ? `${error.fix}\n` : ''}`)
    else console.error(error)
    process.exitCode = 1
  }
}
