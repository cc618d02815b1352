// Fetches one large file over HTTP and goes on where a broken download stopped.
import { open, rename, rm, stat } from 'node:fs/promises'
import { RepriseError } from '../../../shared/errors.ts'
import { hashOfFile } from './install-manifest.ts'

export interface ArchiveRequest {
  url: string
  /** Path of the finished file; the part that is there so far lies beside it as `<path>.part`. */
  path: string
  onBytes: (done: number, total: number) => void
  signal: AbortSignal | undefined
  fetch?: typeof fetch
  /** How often a broken connection is taken up again. */
  attempts?: number
}

export type ArchiveDownload = (request: ArchiveRequest) => Promise<void>

function failed(url: string, found: string, cause?: unknown): RepriseError {
  return new RepriseError(
    { code: 'download-failed', message: `${url} could not be fetched.`, found, fix: 'Start again; it goes on there.' },
    { cause },
  )
}

/** The MD5 that the storage names for the whole file (`x-goog-hash: crc32c=...,md5=<base64>`), or null. */
function namedMd5(headers: Headers): string | null {
  return /\bmd5=([A-Za-z0-9+/=]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1] ?? null
}

/** Appends what is still missing to the part file; resolves to the MD5 that the server names. */
async function fetchRest({ url, path, onBytes, signal, fetch: get = fetch }: ArchiveRequest): Promise<string | null> {
  const part = `${path}.part`
  const have = (await stat(part).catch(() => null))?.size ?? 0
  const response = await get(url, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    ...(signal === undefined ? {} : { signal }),
  })
  // 416: the part holds the whole file already.
  if (response.status === 416) return namedMd5(response.headers)
  if (!response.ok || response.body === null) throw failed(url, `HTTP status ${response.status}`)
  const continued = response.status === 206
  const start = continued ? have : 0
  const total = start + Number(response.headers.get('content-length') ?? 0)
  let done = start
  // Written chunk by chunk, so that what came before the connection broke is kept.
  const file = await open(part, continued ? 'a' : 'w')
  try {
    for await (const chunk of response.body) {
      await file.write(chunk)
      done += chunk.length
      onBytes(done, total)
    }
  } finally {
    await file.close()
  }
  if (done < total) throw failed(url, `${done} of ${total} bytes`)
  return namedMd5(response.headers)
}

/**
 * Fetches a file, taking a broken connection up again where it stopped, and checks it against the hash the server names.
 * @throws RepriseError `no-network`, `download-failed` or `hash-mismatch`
 */
export const archiveDownload: ArchiveDownload = async (request) => {
  const { url, path, signal, attempts = 4 } = request
  let md5: string | null = null
  for (let attempt = 1; ; attempt += 1) {
    try {
      md5 = await fetchRest(request)
      break
    } catch (error) {
      if (signal?.aborted || attempt >= attempts) {
        if (signal?.aborted || error instanceof RepriseError) throw error
        const reason = (error as { cause?: { code?: string } }).cause?.code ?? String(error)
        if (!/ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|EHOSTUNREACH/.test(reason)) throw failed(url, reason, error)
        throw new RepriseError(
          {
            code: 'no-network',
            message: `${new URL(url).host} does not answer.`,
            found: reason,
            fix: 'Connect to the network and start again, or name a folder with libtensorflow in REPRISE_LIBTENSORFLOW.',
          },
          { cause: error },
        )
      }
    }
  }
  if (md5 !== null) {
    const found = (await hashOfFile(`${path}.part`, 'md5', signal)).toString('base64')
    if (found !== md5) {
      await rm(`${path}.part`)
      throw new RepriseError({
        code: 'hash-mismatch',
        message: `${url} arrived changed.`,
        expected: `MD5 ${md5}, as the server names it`,
        found: `MD5 ${found}`,
        fix: 'Start again; the file is fetched afresh.',
      })
    }
  }
  await rename(`${path}.part`, path)
}
