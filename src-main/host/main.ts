// Entry of the host process: node src-main/host/main.ts [--port N] [--listen ADDRESS] [--attached] [--ui DIR]
import { join } from 'node:path'
import { appFolder } from '../launch/resources.ts'
import { runHostProcess } from './host-process.ts'

const app = appFolder()
const worker = join(app, 'src-main', 'worker')
await runHostProcess(app, {
  entries: {
    train: join(worker, 'main.ts'),
    prepareData: join(worker, 'prepare-data.ts'),
    examineData: join(worker, 'examine-data.ts'),
    changeData: join(worker, 'change-data.ts'),
    pictures: join(worker, 'pictures.ts'),
    sourceLooks: join(worker, 'source-looks.ts'),
    preview: join(worker, 'preview.ts'),
    proveResume: join(worker, 'prove-resume.ts'),
    probe: join(worker, 'probe.ts'),
  },
})
