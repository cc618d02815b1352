// node tools/wasm/main.ts: assembles the WebAssembly texts of the product again, after a change of theirs.
import { writeFileSync } from 'node:fs'
import { assemble } from './assemble.ts'

const { path, text } = await assemble('pixel-passes')
writeFileSync(path, text)
process.stdout.write(`Written to ${path}\n`)
