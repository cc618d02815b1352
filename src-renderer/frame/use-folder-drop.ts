import { useEffect } from 'react'
import { openAddDataset } from '../stores/ui-store.ts'

/**
 * A folder or file dropped anywhere on the window opens the dialog for adding a data set: on desktop with its path. A
 * page in a browser learns no paths; there the dialog says so and asks for it.
 */
export function useFolderDrop(): void {
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0]
      if (!carriesFiles(event)) return
      event.preventDefault()
      const path = file && window.desktop?.pathOf(file)
      openAddDataset(path ? { path } : { pathUnknown: true })
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [])
}
