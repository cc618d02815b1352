// The proof that a run which is broken off and goes on ends as one that never was: its certificate, and how to make one.
import { ShieldCheck, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProofState, RunDetail } from '../../../src-main/shared/api.ts'
import type { ResumeCertificate } from '../../../src-main/shared/resume-certificate.ts'
import { errorWords } from '../../frame/error-words.ts'
import { useLanguage, useNumbers } from '../../i18n/i18n.ts'
import { useRunDetailsStore } from '../../stores/run-details-store.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues, Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import styles from './certificate.module.css'
import { CertificateLine } from './certificate-line.tsx'
import { cancelProof, proveResume } from './run-actions.ts'

export function CertificatePanel({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const proof = useRunDetailsStore((state) => state.proofs[run.id])
  const { certificate } = run
  return (
    <Panel
      title={t('certificate.title')}
      actions={
        proof?.status === 'running' ? (
          <Button size="small" icon={<X size={14} />} onClick={() => void cancelProof(run.id)}>
            {t('sharedWords:cancel')}
          </Button>
        ) : (
          <Button size="small" icon={<ShieldCheck size={14} />} onClick={() => void proveResume(run.id)}>
            {t(certificate ? 'certificate.proveAgain' : 'certificate.prove')}
          </Button>
        )
      }
    >
      <div className={styles.body}>
        {proof && proof.status !== 'done' && <Proof proof={proof} />}
        <CertificateLine certificate={certificate} />
        {certificate ? (
          <Details certificate={certificate} />
        ) : (
          <p className={styles.quiet}>{t('certificate.noneText')}</p>
        )}
      </div>
    </Panel>
  )
}

/** How far the proof is, or why there is none. */
function Proof({ proof }: { proof: ProofState }) {
  const { t } = useTranslation('run')
  const language = useLanguage()
  if (proof.status === 'cancelled') return <p className={styles.quiet}>{t('certificate.cancelled')}</p>
  if (proof.status === 'failed') {
    const words = proof.error && errorWords(proof.error, language)
    return (
      <p role="alert">
        {words?.message} {words?.lines.join(' ')}
      </p>
    )
  }
  const words = proof.part === null ? t('certificate.starting') : t(`certificate.part.${proof.part}`)
  return (
    <div className={styles.work}>
      <span role="status">{words}</span>
      <ProgressBar value={proof.total > 0 ? proof.done / proof.total : null} label={words} />
    </div>
  )
}

function Details({ certificate }: { certificate: ResumeCertificate }) {
  const { t } = useTranslation(['run', 'sharedWords'])
  const numbers = useNumbers()
  const { environment, pausedAt } = certificate
  const changes = Object.entries(certificate.changes)
  const separator = t('sharedWords:listSeparator')
  return (
    <KeyValues
      entries={[
        [
          t('run:certificate.compared'),
          t('run:certificate.tensors', { tensors: certificate.tensors, size: numbers.bytes(certificate.bytes) }),
        ],
        [t('run:certificate.reports'), numbers.count(certificate.reports)],
        [
          t('run:certificate.steps'),
          t('run:certificate.pausedAt', {
            steps: numbers.count(certificate.steps),
            list: pausedAt.map((step) => numbers.count(step)).join(separator),
          }),
        ],
        ...(certificate.equal
          ? []
          : [
              [t('run:certificate.difference'), numbers.loss(certificate.maxDifference)] as const,
              [t('run:certificate.first'), certificate.firstDifference ?? '–'] as const,
            ]),
        ...(changes.length > 0
          ? [
              [
                t('run:certificate.changes'),
                changes.map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join(separator),
              ] as const,
            ]
          : []),
        [t('run:certificate.took'), numbers.duration(certificate.seconds)],
        [
          t('run:certificate.where'),
          `${environment.device}${separator}${environment.precision}${separator}TensorFlow ${environment.tensorflow}${separator}Reprise ${environment.reprise}`,
        ],
      ]}
    />
  )
}
