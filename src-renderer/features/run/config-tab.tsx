// The settings of a run as it was trained, its command line, and where it ran.
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../../../src-main/shared/api.ts'
import { configField, configValue } from '../../../src-main/shared/config-fields.ts'
import type { DataSummary } from '../../../src-main/shared/worker-protocol.ts'
import { useConfigTexts } from '../../i18n/config-texts.ts'
import { useNumbers } from '../../i18n/i18n.ts'
import { setChoice, useChoice } from '../../stores/ui-store.ts'
import { Button } from '../../ui/button.tsx'
import { KeyValues, PageBody, Panel } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { showToast } from '../../ui/toast.tsx'
import { runCommand } from '../new-run/draft.ts'
import { fieldApplies, fieldsOfSection, fieldUnit, formSectionIds } from '../new-run/form-sections.ts'
import { changesBetween } from '../new-run/start-run.ts'
import { CertificatePanel } from './certificate-panel.tsx'
import styles from './config-tab.module.css'
import { presentRecipe } from './run-actions.ts'

export function ConfigTab({ run }: { run: RunDetail }) {
  const { t } = useTranslation(['run', 'newRun'])
  const shown = useChoice<'all' | 'diff'>('config-lines', 'all')
  const changes = changesBetween(run.recipe.config, run.config)
  const command = runCommand(run.recipeId, changesBetween(presentRecipe(run), run.config))
  const copy = async () => {
    await navigator.clipboard.writeText(command)
    showToast({ title: t('newRun:commandCopied') })
  }
  return (
    <PageBody>
      <div className={styles.page}>
        <div className={styles.settings}>
          <div className={styles.bar}>
            <Segmented
              label={t('config.filter')}
              value={shown}
              onChange={(value) => setChoice('config-lines', value)}
              options={[
                { value: 'all', label: t('config.all') },
                { value: 'diff', label: t('config.diff') },
              ]}
            />
            <span className={styles.quiet}>{t('newRun:changesLabel', { count: Object.keys(changes).length })}</span>
          </div>
          {shown === 'diff' && Object.keys(changes).length === 0 ? (
            <p className={styles.quiet}>{t('differences.none')}</p>
          ) : (
            <div className={styles.sections}>
              {formSectionIds.map((id) => (
                <Settings key={id} run={run} section={id} onlyChanged={shown === 'diff'} />
              ))}
            </div>
          )}
        </div>
        <div className={styles.where}>
          <Panel
            title={t('config.command')}
            actions={
              <Button size="small" icon={<Copy size={14} />} onClick={() => void copy()}>
                {t('config.copyCommand')}
              </Button>
            }
          >
            <pre className={styles.command}>{command}</pre>
          </Panel>
          <CertificatePanel run={run} />
          <Environment run={run} />
        </div>
      </div>
    </PageBody>
  )
}

interface SettingsProps {
  run: RunDetail
  section: (typeof formSectionIds)[number]
  onlyChanged: boolean
}

function Settings({ run, section, onlyChanged }: SettingsProps) {
  const { t } = useTranslation(['run', 'newRun'])
  const texts = useConfigTexts()
  const value = (key: string) => configValue(run.config, key)
  const recipeValue = (key: string) => configValue(run.recipe.config, key)
  const rows = fieldsOfSection(section)
    .map((field) => {
      const recipe = recipeValue(field.key)
      return { field, recipe, changed: JSON.stringify(value(field.key)) !== JSON.stringify(recipe) }
    })
    .filter(({ field, changed }) => changed || (!onlyChanged && fieldApplies(field.key, value)))
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{t(`newRun:section.${section}`)}</h2>
      <dl className={styles.rows}>
        {rows.map(({ field, recipe, changed }) => (
          <div key={field.key} title={`${field.key}: ${texts.help(configField(field.key))}`}>
            <dt>{texts.label(field)}</dt>
            <dd>
              {changed ? (
                <>
                  <mark className={styles.mark}>{texts.value(field, value(field.key), fieldUnit(field, value))}</mark>{' '}
                  <span className={styles.quiet}>
                    {t('config.recipeValue', { value: texts.value(field, recipe, fieldUnit(field, recipeValue)) })}
                  </span>
                </>
              ) : (
                texts.value(field, value(field.key), fieldUnit(field, value))
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** What the fingerprint is worth: a benchmark whole, or how its test set was recognised. */
function identityKey({ benchmark, benchmarkTest, benchmarkBy }: DataSummary) {
  if (benchmark) return 'config.benchmark'
  const by = benchmarkTest ? benchmarkBy : undefined
  return by === 'files' || by === 'counts' ? (`config.testBy.${by}` as const) : 'config.notBenchmark'
}

function Environment({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run')
  const numbers = useNumbers()
  const { environment, data } = run
  return (
    <>
      <Panel title={t('config.environment')}>
        {environment ? (
          <KeyValues
            entries={[
              [t('config.device'), environment.device],
              [t('config.cpu'), `${environment.cpu}, ${t('config.cores', { count: environment.cores })}`],
              [t('config.precision'), environment.precision],
              [
                t('config.versions'),
                `Reprise ${environment.reprise}, TensorFlow ${environment.tensorflow}, Node ${environment.node}`,
              ],
              [t('config.platform'), environment.platform],
            ]}
          />
        ) : (
          <p className={styles.quiet}>{t('config.unknown')}</p>
        )}
      </Panel>
      {data && (
        <Panel title={t('config.data')} note={data.label}>
          <KeyValues
            entries={[
              [t('config.counts'), `${numbers.count(data.train)} + ${numbers.count(data.test)}`],
              [t('config.fingerprint'), `${data.fingerprint.slice(0, 16)}, ${t(identityKey(data))}`],
              ...(data.decoded
                ? [
                    [
                      t('config.read'),
                      t(`config.kept.${data.decoded.kept}`, { size: numbers.bytes(data.decoded.bytes) }),
                    ] as const,
                  ]
                : []),
              ...(data.unread ? [[t('config.unread'), t('config.unreadCounts', data.unread)] as const] : []),
            ]}
          />
        </Panel>
      )}
      {run.checkpoints.length > 0 && (
        <Panel
          title={t('config.checkpoints')}
          note={run.diskBytes === null ? undefined : t('config.onDisk', { size: numbers.bytes(run.diskBytes) })}
        >
          <ul className={styles.checkpoints}>
            {run.checkpoints.map(({ seed, kind, step, bytes, file }) => (
              <li key={file} title={file}>
                {t('config.checkpointLine', {
                  seed,
                  kind: t(`config.kind.${kind}`),
                  step: numbers.count(step),
                  size: numbers.bytes(bytes),
                })}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}
