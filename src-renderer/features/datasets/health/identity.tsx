import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DatasetOverview, MatchCount } from '../../../../src-main/shared/dataset-views.ts'
import { useNumbers } from '../../../i18n/i18n.ts'
import { IconButton } from '../../../ui/button.tsx'
import { KeyValues, Panel } from '../../../ui/panel.tsx'
import { showToast } from '../../../ui/toast.tsx'
import styles from './identity.module.css'
import { matchShares } from './match-shares.ts'

function MatchBar({ train, test }: { train: MatchCount; test: MatchCount }) {
  const { t } = useTranslation('health')
  const numbers = useNumbers()
  const { differing, shares } = matchShares(train, test)
  return (
    <>
      <div className={styles.matchBar} aria-hidden>
        {shares.map(({ part, share }) => (
          <span key={part} className={styles[part]} style={{ flexGrow: share }} />
        ))}
      </div>
      <div className={styles.matchKey}>
        <span className={styles.keyTrain}>{t('train')}</span>
        <span className={styles.keyTest}>{t('test')}</span>
        {differing > 0 && (
          <span className={styles.keyDiffering}>{t('differing', { count: numbers.count(differing) })}</span>
        )}
      </div>
    </>
  )
}

/** What the data set is: the benchmark it looks like and how exactly, where it came from, its fingerprint. */
export function Identity({ overview }: { overview: DatasetOverview }) {
  const { t } = useTranslation(['health', 'datasets'])
  const numbers = useNumbers()
  const { benchmark, benchmarkTest, reader, reason, storage, fingerprint, health } = overview
  const isCompared = benchmark !== null && (benchmark.train.matching ?? benchmark.test.matching) !== null
  const match = ({ matching, found, expected }: MatchCount) =>
    matching === null
      ? t('health:foundOf', { found: numbers.count(found), expected: numbers.count(expected) })
      : t('health:matchOf', { matching: numbers.count(matching), expected: numbers.count(expected) })
  const copy = async () => {
    await navigator.clipboard.writeText(fingerprint)
    showToast({ title: t('datasets:fingerprintCopied') })
  }
  return (
    <Panel title={t('health:identity')}>
      <div className={styles.identity}>
        <KeyValues
          entries={[
            ...(benchmark
              ? [
                  [
                    t('health:looksLike'),
                    <span key="like">
                      <b>{benchmark.label}</b>
                      {isCompared && `, ${t(benchmark.exact ? 'health:exact' : 'health:notExact')}`}
                    </span>,
                  ] as const,
                  [t('health:trainPart'), match(benchmark.train)] as const,
                  [t('health:testPart'), match(benchmark.test)] as const,
                ]
              : [[t('health:looksLike'), t(health ? 'health:noBenchmark' : 'health:afterCheck')] as const]),
            ...(benchmarkTest === null
              ? []
              : [
                  [
                    t('health:testSetOf'),
                    t(`health:testSetBy.${benchmarkTest.by}`, { label: benchmarkTest.label }),
                  ] as const,
                ]),
            ...(reader === null ? [] : [[t('health:readAs'), t(`datasets:readers.${reader}`)] as const]),
            ...(reason === '' ? [] : [[t('health:because'), reason] as const]),
            [t('health:storage'), t(`health:storages.${storage}`)],
            [
              t('datasets:fingerprint'),
              <span key="fingerprint" className={styles.fingerprint}>
                <code title={fingerprint}>{`${fingerprint.slice(0, 8)}…${fingerprint.slice(-4)}`}</code>
                <IconButton
                  size="small"
                  label={t('datasets:copyFingerprint')}
                  icon={<Copy size={12} />}
                  onClick={() => void copy()}
                />
              </span>,
            ],
          ]}
        />
        {benchmark && <MatchBar train={benchmark.train} test={benchmark.test} />}
      </div>
    </Panel>
  )
}
