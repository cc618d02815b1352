// The WebAssembly of the product, from text to the TypeScript modules that are committed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import loadWabt from 'wabt'

export interface AssembledModule {
  /** Absolute path of the TypeScript module. */
  path: string
  text: string
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const folder = join(import.meta.dirname, '../../src-main/engine/data/transforms')

/** The module of `name`.wat in the folder of transforms, as `name`-module.ts holds it. Throws where the text is wrong. */
export async function assemble(name: string): Promise<AssembledModule> {
  const source = join(folder, `${name}.wat`)
  const wabt = await loadWabt()
  const parsed = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true })
  try {
    parsed.validate()
    const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64')
    const text = [
      `// ${name}.wat, assembled by tools/wasm/main.ts.`,
      '',
      '/** Base64 of the WebAssembly module. */',
      `export const ${camelCase(name)}Module =`,
      `  '${base64}'`,
      '',
    ]
    return { path: join(folder, `${name}-module.ts`), text: text.join('\n') }
  } finally {
    parsed.destroy()
  }
}
