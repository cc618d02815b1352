import { Copy, FolderOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MachineInfo, Settings } from '../../../src-main/shared/api.ts'
import { attempt } from '../../frame/attempt.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { changeSettings } from '../../stores/engine-store.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { KeyValues } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Select } from '../../ui/select.tsx'
import { showToast } from '../../ui/toast.tsx'
import { change } from './change.ts'
import { installTensorflow } from './install-tensorflow.ts'
import { NumberSetting, Setting, SwitchSetting } from './setting.tsx'
import styles from './settings.module.css'

/** As systems count it. */
const gigabyte = 1024 ** 3

function TensorflowSetting({ machine }: { machine: MachineInfo }) {
  const { t } = useTranslation('settings')
  const numbers = useNumbers()
  const { tensorflow, progress, version, error } = machine.setup
  const known = progress !== null && progress.totalBytes > 0
  const done = known ? numbers.bytesOf(progress.doneBytes, progress.totalBytes) : t('tensorflowStates.installing')
  const words =
    tensorflow === 'ready' && version === null
      ? t('tensorflowStates.readyUnknown')
      : t(`tensorflowStates.${tensorflow}`, { version: version ?? '' })
  return (
    <Setting name={t('tensorflow')} hint={words}>
      {error && <ErrorReportBanner report={error} inline />}
      {tensorflow === 'installing' && (
        <div className={styles.progress}>
          <span className={styles.hint}>{done}</span>
          <ProgressBar value={known ? progress.doneBytes / progress.totalBytes : null} label="TensorFlow" text={done} />
        </div>
      )}
      {(tensorflow === 'missing' || tensorflow === 'failed') && (
        <Button variant="primary" onClick={() => void installTensorflow()}>
          {t(tensorflow === 'failed' ? 'installAgain' : 'installTensorflow')}
        </Button>
      )}
    </Setting>
  )
}

/** Device, training in the background, TensorFlow, and what the machine is. */
export function ComputeSection({ settings, machine }: { settings: Settings; machine: MachineInfo }) {
  const { t } = useTranslation('settings')
  const numbers = useNumbers()
  const best = machine.gpu ?? t('devices.cpu')
  const options = [
    { value: 'auto', label: t('deviceBest', { device: best }) },
    { value: 'cpu', label: t('devices.cpu') },
    ...(machine.gpu === null ? [] : [{ value: 'gpu:0', label: t('devices.gpu', { number: 0 }), note: machine.gpu }]),
  ]
  const known = options.some(({ value }) => value === settings.device)
  return (
    <div className={styles.section}>
      <Setting name={t('device')} hint={t('deviceHint')}>
        <div className={styles.select}>
          <Select
            aria-label={t('device')}
            value={settings.device}
            options={known ? options : [...options, { value: settings.device, label: settings.device }]}
            onChange={(device) => void attempt(() => changeSettings({ device }))}
          />
        </div>
      </Setting>
      <SwitchSetting settings={settings} name="background" />
      <SwitchSetting settings={settings} name="resumeByItself" />
      <SwitchSetting settings={settings} name="keepAwake" />
      <SwitchSetting settings={settings} name="notifyWhenDone" />
      <NumberSetting
        value={settings.maxCelsius}
        onChange={(maxCelsius) => change({ maxCelsius })}
        name="maxCelsius"
        unit="°C"
        max={120}
        step={5}
      />
      <TensorflowSetting machine={machine} />
      <Setting name={t('machine')}>
        <div className={styles.facts}>
          <KeyValues
            entries={[
              [t('name'), machine.name],
              [t('processor'), t('cores', { name: machine.cpu, count: machine.cores })],
              [t('memory'), t('memoryFree', { sizes: numbers.bytesOf(machine.memoryFreeBytes, machine.memoryBytes) })],
              [t('gpu'), machine.gpu ?? t('noGpu')],
              [t('platform'), <code key="platform">{machine.platform}</code>],
            ]}
          />
        </div>
      </Setting>
    </div>
  )
}

function PathSetting({ name, path, hint }: { name: string; path: string; hint: string }) {
  const { t } = useTranslation(['settings', 'sharedWords'])
  const copy = async () => {
    await navigator.clipboard.writeText(path)
    showToast({ title: t('sharedWords:copied'), text: path })
  }
  return (
    <Setting name={name} hint={hint}>
      <div className={styles.path}>
        <code>{path}</code>
        {window.desktop ? (
          <Button size="small" icon={<FolderOpen size={14} />} onClick={() => void window.desktop?.revealFile(path)}>
            {t('settings:reveal')}
          </Button>
        ) : (
          <Button size="small" icon={<Copy size={14} />} onClick={() => void copy()}>
            {t('settings:copyPath')}
          </Button>
        )}
      </div>
    </Setting>
  )
}

/** Where everything lies, and how much room is left. */
export function StorageSection({ settings, machine }: { settings: Settings; machine: MachineInfo }) {
  const { t } = useTranslation('settings')
  const numbers = useNumbers()
  return (
    <div className={styles.section}>
      <PathSetting name={t('dataFolder')} path={machine.dataFolder} hint={t('dataFolderHint')} />
      <PathSetting name={t('cacheFolder')} path={machine.cacheFolder} hint={t('cacheFolderHint')} />
      <Setting name={t('diskFree')}>
        <span>{numbers.bytes(machine.diskFreeBytes)}</span>
      </Setting>
      <NumberSetting
        value={Number((settings.minFreeBytes / gigabyte).toPrecision(4))}
        onChange={(gigabytes) => change({ minFreeBytes: Math.round(gigabytes * gigabyte) })}
        name="minFree"
        unit="GB"
        max={100_000}
        step={0.5}
      />
      <NumberSetting
        value={settings.binDays}
        onChange={(binDays) => change({ binDays })}
        name="binDays"
        unit={t('days')}
        max={3650}
        step={1}
        whole
      />
      <Setting name={t('bin')}>
        <ButtonLink href="/bin">{t('openBin')}</ButtonLink>
      </Setting>
    </div>
  )
}
