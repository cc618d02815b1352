import { Toast } from '@base-ui/react/toast'
import { Check, OctagonAlert, X } from 'lucide-react'
import styles from './toast.module.css'

interface ToastLook {
  tone: 'plain' | 'danger'
}

const manager = Toast.createToastManager<ToastLook>()

export interface ToastWords {
  title: string
  text?: string
  tone?: 'plain' | 'danger'
  /** `keys` do the same, such as "Ctrl Z". */
  action?: { label: string; keys?: string; onSelect: () => void }
}

/** Shows a message for 6 s (errors 12 s); it stays while hovered or focused. */
export function showToast({ title, text, tone = 'plain', action }: ToastWords): void {
  const id: string = manager.add({
    title,
    ...(text !== undefined && { description: text }),
    timeout: tone === 'danger' ? 12_000 : 6000,
    priority: tone === 'danger' ? 'high' : 'low',
    data: { tone },
    ...(action && {
      actionProps: {
        children: action.keys === undefined ? action.label : <ActionWords label={action.label} keys={action.keys} />,
        onClick: () => {
          manager.close(id)
          action.onSelect()
        },
      },
    }),
  })
}

function ActionWords({ label, keys }: { label: string; keys: string }) {
  return (
    <>
      <span>{label}</span>
      <kbd aria-hidden>{keys}</kbd>
    </>
  )
}

function ToastList({ closeLabel }: { closeLabel: string }) {
  const { toasts } = Toast.useToastManager<ToastLook>()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast} swipeDirection={['right', 'down']}>
      {toast.data?.tone === 'danger' ? <OctagonAlert size={14} aria-hidden /> : <Check size={14} aria-hidden />}
      <div className={styles.words}>
        <Toast.Title render={<div />} />
        {toast.description && <Toast.Description className={styles.text} render={<div />} />}
      </div>
      {toast.actionProps && <Toast.Action className={styles.action} />}
      <Toast.Close className={styles.close} aria-label={closeLabel}>
        <X size={14} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ))
}

/** The place where toasts appear; once, at the end of the page. */
export function Toasts({ closeLabel, limit = 3 }: { closeLabel: string; limit?: number }) {
  return (
    <Toast.Provider toastManager={manager} limit={limit}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <ToastList closeLabel={closeLabel} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
