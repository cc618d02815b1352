// What a run will take: estimated, or measured by a probe of these very settings.
import { useTranslation } from 'react-i18next'
import type { Preflight } from '../../../src-main/shared/api.ts'
import type { ProbeResult } from '../../../src-main/shared/probe.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { liveRun, queuedRuns, useRunsStore } from '../../stores/runs-store.ts'
import styles from './before-start.module.css'

interface Figure {
  id: 'epoch' | 'seed' | 'seeds' | 'disk' | 'memory' | 'wait'
  name: string
  value: string
  note: string
}

/** Figures that only a probe knows. */
function useProbed(probe: ProbeResult | null): Record<'epoch' | 'memory' | 'wait', Figure> | null {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const machine = useEngineStore((state) => state.machine)
  if (!probe) return null
  const { predictedBytes, measuredBytes } = probe.memory
  const onCpu = probe.device.toLowerCase().startsWith('cpu')
  return {
    epoch: {
      id: 'epoch',
      name: t('estimate.oneEpoch'),
      value: numbers.duration(probe.epochSeconds),
      note: t('estimate.speed', { speed: numbers.speed(probe.imagesPerSecond) }),
    },
    memory: {
      id: 'memory',
      name: t(onCpu ? 'estimate.memory' : 'estimate.gpuMemory'),
      value: onCpu ? numbers.bytesOf(measuredBytes, machine?.memoryBytes) : numbers.bytes(measuredBytes),
      note: t('estimate.memoryPredicted', { size: numbers.bytes(predictedBytes) }),
    },
    wait: {
      id: 'wait',
      name: t('estimate.dataWait'),
      value: numbers.progress(probe.dataWait),
      note: t(probe.dataWait > 0.2 ? 'estimate.dataSlow' : 'estimate.dataFine'),
    },
  }
}

export function Estimates({
  preflight,
  probe,
  seeds,
}: {
  preflight: Preflight
  probe: ProbeResult | null
  seeds: number
}) {
  const { t } = useTranslation('newRun')
  const numbers = useNumbers()
  const runs = useRunsStore((state) => state.runs)
  const free = useEngineStore((state) => state.machine?.diskFreeBytes)
  const probed = useProbed(probe)
  const before = queuedRuns(runs).length + (liveRun(runs) ? 1 : 0)
  const about = { about: probe === null && !preflight.secondsMeasured }
  const seedSeconds = probe?.seedSeconds ?? preflight.secondsPerSeed
  const allSeconds = probe?.allSeconds ?? preflight.seconds
  const seed: Figure = {
    id: 'seed',
    name: t('estimate.oneSeed'),
    value: numbers.duration(seedSeconds, about),
    note: about.about ? t('estimate.estimated') : t('estimate.measured'),
  }
  const all: Figure = {
    id: 'seeds',
    name: t('estimate.allSeeds', { count: seeds }),
    value: numbers.duration(allSeconds, about),
    note:
      before > 0
        ? t('estimate.untilAfterQueue', { count: before })
        : t('estimate.until', { time: numbers.clock(Date.now() + allSeconds * 1000) }),
  }
  const disk: Figure = {
    id: 'disk',
    name: t('estimate.disk'),
    value: numbers.bytes(preflight.diskBytes),
    note: t('estimate.diskFree', { free: numbers.bytes(free) }),
  }
  const figures = probed ? [probed.epoch, seed, all, probed.memory, disk, probed.wait] : [seed, all]
  return (
    <dl className={styles.estimates}>
      {figures.map(({ id, name, value, note }) => (
        <div key={id} data-figure={id}>
          <dt>{name}</dt>
          <dd className={styles.estimate}>{value}</dd>
          <dd className={styles.quiet}>{note}</dd>
        </div>
      ))}
    </dl>
  )
}
