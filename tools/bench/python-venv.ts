// Python virtual environments with the other frameworks, made once in the cache folder.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RepriseError } from '../../src-main/shared/errors.ts'

interface Outcome {
  status: number | null
  output: string
}

/** Runs a program to its end; `output` is the end of what it printed. */
export function runProgram(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ status: null, output: `${output}\n${error.message}` }))
    child.on('close', (status) => resolve({ status, output }))
  })
}

/**
 * The Python of a virtual environment with `requirements`, made below `cache` when it is not there. A half-made one never
 * stays under the final name. Throws `setup-incomplete` with what pip said.
 */
export async function pythonWith(
  framework: 'PyTorch' | 'TensorFlow',
  cache: string,
  requirements: string,
  say: (words: string) => void,
): Promise<string> {
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12)
  const folder = join(cache, `bench-python-${key}`)
  const python = (base: string) =>
    process.platform === 'win32' ? join(base, 'Scripts', 'python.exe') : join(base, 'bin', 'python')
  const marker = join(folder, 'complete')
  if (await stat(marker).catch(() => null)) return python(folder)

  const setUp = async (command: string, args: string[]) => {
    const { status, output } = await runProgram(command, args)
    if (status === 0) return
    throw new RepriseError({
      code: 'setup-incomplete',
      message: `The Python environment with ${framework} could not be made.`,
      expected: `Python 3 with venv and pip, and a package index that offers ${framework}`,
      found: output.trim().split('\n').slice(-4).join('\n'),
      fix: 'On Debian and Ubuntu: apt install python3-venv. Then run the comparison again.',
    })
  }
  // A virtual environment knows its own path, so it is made in place and marked when whole.
  await rm(folder, { recursive: true, force: true })
  say(`Making a Python environment with ${framework} (about 1 GB, once)`)
  await setUp(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder])
  await setUp(python(folder), ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements])
  await writeFile(marker, '')
  return python(folder)
}
