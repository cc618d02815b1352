import {
  CircleCheck,
  CircuitBoard,
  Cpu,
  HardDrive,
  Info,
  MemoryStick,
  Package,
  ShieldCheck,
  TriangleAlert,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MachineInfo } from '../../../src-main/shared/api.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { useEngineStore } from '../../stores/engine-store.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { installTensorflow } from '../settings/install-tensorflow.ts'
import styles from './home.module.css'

function Row({ icon, name, value }: { icon: ReactNode; name: string; value: ReactNode }) {
  return (
    <div className={styles.machineRow}>
      {icon}
      <span className={styles.machineName} title={name}>
        {name}
      </span>
      <span className={styles.machineValue}>{value}</span>
    </div>
  )
}

function MachineState({ machine }: { machine: MachineInfo }) {
  const { t } = useTranslation('home')
  const { tensorflow } = machine.setup
  if (tensorflow === 'ready') {
    return (
      <span className={classNames(styles.machineState, styles.ok)}>
        <CircleCheck size={14} aria-hidden />
        {t('ready')}
      </span>
    )
  }
  if (tensorflow === 'installing') {
    return (
      <span className={styles.machineState}>
        <Spinner />
        {t('settingUp')}
      </span>
    )
  }
  return (
    <span className={classNames(styles.machineState, styles.warn)}>
      <TriangleAlert size={14} aria-hidden />
      {t('needsTensorflow')}
    </span>
  )
}

function TensorflowRow({ machine }: { machine: MachineInfo }) {
  const { t } = useTranslation(['home', 'settings'])
  const numbers = useNumbers()
  const { tensorflow, progress } = machine.setup
  if (tensorflow === 'ready') return null
  const icon = <Package size={16} aria-hidden />
  if (tensorflow === 'installing') {
    const known = progress !== null && progress.totalBytes > 0
    const share = known ? progress.doneBytes / progress.totalBytes : null
    const value = known ? numbers.bytesOf(progress.doneBytes, progress.totalBytes) : t('home:tensorflowInstalling')
    return (
      <div className={styles.setup}>
        <Row icon={icon} name={t('home:tensorflow')} value={value} />
        <ProgressBar value={share} label={t('home:tensorflowInstalling')} text={value} />
      </div>
    )
  }
  return (
    <div className={styles.setup}>
      <Row
        icon={icon}
        name={t('home:tensorflow')}
        value={t(tensorflow === 'failed' ? 'home:tensorflowFailed' : 'home:tensorflowMissing')}
      />
      <Button size="small" onClick={() => void installTensorflow()}>
        {t('settings:installTensorflow')}
      </Button>
    </div>
  )
}

/** What this machine has to train with. */
export function MachinePanel() {
  const { t } = useTranslation('home')
  const numbers = useNumbers()
  const machine = useEngineStore((state) => state.machine)
  return (
    <Panel title={t('machine')} actions={machine && <MachineState machine={machine} />} flush>
      <div className={styles.machineBody}>
        {machine === null ? (
          <Skeleton words={t('reading')} />
        ) : (
          <>
            <Row icon={<Cpu size={16} aria-hidden />} name={machine.cpu} value={t('cores', { count: machine.cores })} />
            <Row
              icon={<MemoryStick size={16} aria-hidden />}
              name={t('memory')}
              value={t('memoryFree', { sizes: numbers.bytesOf(machine.memoryFreeBytes, machine.memoryBytes) })}
            />
            <Row
              icon={<HardDrive size={16} aria-hidden />}
              name={t('disk')}
              value={t('diskFree', { size: numbers.bytes(machine.diskFreeBytes) })}
            />
            <Row icon={<CircuitBoard size={16} aria-hidden />} name={t('gpu')} value={machine.gpu ?? t('gpuNone')} />
            <Row
              icon={<ShieldCheck size={16} aria-hidden />}
              name={t('network')}
              value={t('requests', { count: machine.networkRequests.length })}
            />
            <TensorflowRow machine={machine} />
          </>
        )}
      </div>
      {machine && machine.gpu === null && (
        <div className={styles.hintBox}>
          <Info size={14} aria-hidden />
          <span>
            {t('gpuBox')} <code className={styles.command}>npm start -- --no-window</code>
          </span>
        </div>
      )}
    </Panel>
  )
}
