// `reprise doctor`: one sentence about each thing that training needs, with the fix where something is wrong.
import { accessSync, constants, existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { cpus, freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { findLibtensorflow } from '../engine/tensorflow/library/find-libtensorflow.ts'
import { hasNvidiaGpu } from '../engine/tensorflow/library/nvidia-gpu.ts'
import { dataFolder } from '../launch/data-folder.ts'
import { nodeExecutable } from '../launch/resources.ts'
import { RepriseError, toErrorReport } from '../shared/errors.ts'
import { withHost } from './host-connection.ts'
import { size } from './number-words.ts'
import type { Output } from './output.ts'

interface Finding {
  id: 'node' | 'libtensorflow' | 'devices' | 'data-folder' | 'disk' | 'engine'
  state: 'pass' | 'note' | 'fail'
  text: string
  fix?: string
}

type Check = () => Promise<Omit<Finding, 'id'>>

const leastFreeBytes = 1024 ** 3

/** Prints the findings; throws `setup-incomplete` when one of them keeps training from working. */
export async function examine(output: Output): Promise<void> {
  const findings: Finding[] = []
  for (const [id, check] of Object.entries(checks) as [Finding['id'], Check][]) {
    findings.push({ id, ...(await check().catch(failed)) })
  }
  const marks = { pass: 'ok  ', note: 'note', fail: 'FAIL' }
  const line = ({ state, text, fix }: Finding) => `${marks[state]}  ${text}${fix === undefined ? '' : ` ${fix}`}`
  const broken = findings.filter(({ state }) => state === 'fail')
  output.result({ type: 'doctor', ok: broken.length === 0, findings }, () => findings.map(line).join('\n'))
  if (broken.length === 0) return
  throw new RepriseError({
    code: 'setup-incomplete',
    message: `${broken.length === 1 ? 'One thing keeps' : `${broken.length} things keep`} training from working.`,
    found: broken.map(({ id }) => id).join(', '),
    fix: 'Do what the lines marked FAIL say, then run "reprise doctor" again.',
  })
}

const checks: Record<Finding['id'], Check> = {
  async node() {
    const major = Number(process.versions.node.split('.')[0])
    const text = `Node ${process.versions.node} runs the engine: ${nodeExecutable()}.`
    return major >= 24 ? { state: 'pass', text } : { state: 'fail', text, fix: 'Use Node 24: run "npm start" once.' }
  },

  async libtensorflow() {
    const { folder, version, variant, source } = await findLibtensorflow({ hashes: true })
    if (source === 'environment') {
      return {
        state: 'pass',
        text: `libtensorflow is the one in REPRISE_LIBTENSORFLOW, ${folder}; it carries no hashes to check.`,
      }
    }
    return { state: 'pass', text: `libtensorflow ${version} (${variant}) in ${folder} is whole, all hashes match.` }
  },

  async devices() {
    const model = cpus()[0]?.model.trim() ?? 'unknown processor'
    const cpu = `${model}, ${cpus().length} cores, ${size(freemem())} of ${size(totalmem())} memory free`
    if (!(await hasNvidiaGpu())) return { state: 'pass', text: `Training runs on the CPU: ${cpu}.` }
    const { cudaFolders } = await findLibtensorflow()
    if (cudaFolders.length > 0) return { state: 'pass', text: `Training can use the NVIDIA GPU and the CPU: ${cpu}.` }
    return {
      state: 'note',
      text: `There is an NVIDIA GPU, but this libtensorflow has no CUDA libraries: training runs on the CPU, ${cpu}.`,
      fix: 'Unset REPRISE_LIBTENSORFLOW and run "npm start": it fetches the build for GPUs.',
    }
  },

  async 'data-folder'() {
    const folder = dataFolder()
    if (!existsSync(folder)) return { state: 'pass', text: `The data folder ${folder} is made at the first start.` }
    try {
      accessSync(folder, constants.R_OK | constants.W_OK)
      return { state: 'pass', text: `The data folder is ${folder}.` }
    } catch {
      return {
        state: 'fail',
        text: `The data folder ${folder} cannot be written.`,
        fix: 'Give yourself the right to write there, or name another folder in REPRISE_HOME.',
      }
    }
  },

  async disk() {
    let folder = dataFolder()
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder)
    const { bavail, bsize } = await statfs(folder)
    const text = `${size(bavail * bsize)} are free on the disk of the data folder.`
    if (bavail * bsize >= leastFreeBytes) return { state: 'pass', text }
    const fix = 'Free some space: data sets and checkpoints of one run need about 1 GB.'
    return { state: 'fail', text, fix }
  },

  engine: () =>
    withHost(async (host) => {
      const { versions, networkRequests } = await host.call(host.client.machine.info.query())
      const how = host.own ? 'starts and answers' : `is running on port ${host.port}`
      const requests = networkRequests.length === 1 ? '1 network request' : `${networkRequests.length} network requests`
      return { state: 'pass', text: `The engine ${versions.reprise} ${how}; ${requests} since its start.` }
    }),
}

function failed(error: unknown): Omit<Finding, 'id'> {
  const { message, found, fix } = toErrorReport(error)
  const text = found === undefined ? message : `${message} Found: ${found}.`
  return { state: 'fail', text, ...(fix === undefined ? {} : { fix }) }
}
