// What the network sees: training inputs of any step of a run, made as the run makes them, beside their originals.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreviewInput, PreviewInputs } from '../../../src-main/shared/dataset-views.ts'
import { ErrorReportBanner } from '../../frame/error-report-banner.tsx'
import { useNumbers } from '../../i18n/i18n.ts'
import { classNames } from '../../ui/class-names.ts'
import { Slider } from '../../ui/slider.tsx'
import { pictureAddress } from '../datasets/pictures/picture-thumbnail.tsx'
import styles from './inputs-preview.module.css'
import { targetWords } from './target-words.ts'
import { useInputs } from './use-inputs.ts'

const draws = 100
const waitingInputs = Array.from({ length: 16 }, (_, place) => place)
/** Larger inputs are shown smaller than they are; smaller ones pixel by pixel. */
const pixelSide = 96

export interface InputsPreviewProps {
  recipeId: string
  /** Dotted key to value, as the run would be started with. */
  changes: Readonly<Record<string, unknown>>
  /** Where the originals are. */
  datasetId: string
}

export function InputsPreview({ recipeId, changes, datasetId }: InputsPreviewProps) {
  const { t } = useTranslation('inputs')
  const numbers = useNumbers()
  const [step, setStep] = useState(0)
  const [draw, setDraw] = useState(0)
  const { inputs, error, busy, again } = useInputs({ recipeId, changes, step, draw })
  const lastStep = Math.max(0, (inputs?.totalSteps ?? 1) - 1)
  return (
    <div className={styles.preview}>
      <div className={styles.sliders}>
        <Slider
          label={t('step')}
          value={Math.min(step, lastStep)}
          max={lastStep}
          text={t('stepOf', { step: numbers.count(Math.min(step, lastStep) + 1), total: numbers.count(lastStep + 1) })}
          onChange={setStep}
        />
        <Slider
          label={t('draw')}
          value={draw}
          max={draws - 1}
          text={draw === 0 ? t('drawOfRun') : t('drawOther', { draw: numbers.count(draw) })}
          onChange={setDraw}
        />
      </div>
      {error && <ErrorReportBanner report={error} onRetry={again} inline />}
      {!inputs && !error && (
        <output className={styles.inputs} aria-label={t('making')}>
          {waitingInputs.map((place) => (
            <span key={place} className={styles.waiting} />
          ))}
        </output>
      )}
      {inputs && <Inputs inputs={inputs} datasetId={datasetId} busy={busy} />}
    </div>
  )
}

function Inputs({ inputs, datasetId, busy }: { inputs: PreviewInputs; datasetId: string; busy: boolean }) {
  const { t } = useTranslation('inputs')
  const numbers = useNumbers()
  const { epoch, height, width, mixing } = inputs
  return (
    <>
      <p className={styles.facts}>
        {[
          t('epoch', { epoch: numbers.count(epoch + 1) }),
          t('size', { height: numbers.count(height), width: numbers.count(width) }),
          t(`mixing.${mixing}`),
        ].join(' · ')}
      </p>
      <ul className={classNames(styles.inputs, busy && styles.busy)} aria-busy={busy}>
        {inputs.inputs.map((input, place) => (
          // By its place: a batch may hold the same picture twice.
          <Input key={place} input={input} datasetId={datasetId} tiny={Math.max(height, width) <= pixelSide} />
        ))}
      </ul>
    </>
  )
}

function Input({ input, datasetId, tiny }: { input: PreviewInput; datasetId: string; tiny: boolean }) {
  const { t } = useTranslation(['inputs', 'sharedWords'])
  const words = targetWords(input.targets, t('sharedWords:listSeparator'))
  const pixels = tiny ? styles.pixelated : undefined
  return (
    <li className={styles.input} title={input.name}>
      <div className={styles.pair}>
        {input.problem === null ? (
          <>
            <img
              className={pixels}
              src={pictureAddress(datasetId, input.picture, 192)}
              alt={t('inputs:original', { name: input.name })}
            />
            <img className={pixels} src={input.image} alt={t('inputs:asInput', { targets: words })} />
          </>
        ) : (
          <span className={styles.broken}>{input.problem}</span>
        )}
      </div>
      <span className={styles.targets} title={words}>
        {words}
      </span>
    </li>
  )
}
