// GET /datasets/:id/pictures/:picture?side=N: one picture of a data set, named by its number alone.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ErrorCode, type ErrorReport, RepriseError, toErrorReport } from '../../shared/errors.ts'
import { type ThumbnailSide, thumbnailSides } from '../../shared/worker-protocol.ts'
import type { HostServices } from '../api/services.ts'

const wholeNumber = z.string().regex(/^\d{1,9}$/)
const params = z.strictObject({ id: z.string(), picture: wholeNumber })
const sides = thumbnailSides.map(String) as [string, ...string[]]
const query = z.strictObject({ side: z.enum(sides).default('0') })

const statusOf: Partial<Record<ErrorCode, number>> = {
  'unknown-dataset': 404,
  'data-missing': 404,
  'picture-broken': 422,
  'data-truncated': 422,
  'not-allowed': 503,
  'worker-died': 503,
}

export const picturePath = '/datasets/:id/pictures/:picture'

/** Answers a request that was let in. */
export function servePictures(datasets: HostServices['datasets']) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = params.safeParse(request.params)
    if (!asked.success) return fail(reply, 404, noPicture)
    const { success, data } = query.safeParse(request.query)
    if (!success) return fail(reply, 400, wrongSide)
    const { id, picture } = asked.data
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    try {
      const version = datasets.pictureVersion(id)
      const tag = `"${version}-${picture}-${data.side}"`
      // The browser asks again each time, and is told that nothing has changed without a decode.
      reply.headers({ 'cache-control': 'private, no-cache', etag: tag })
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      const side = Number(data.side) as ThumbnailSide
      const { mime, bytes } = await datasets.picture(id, Number(picture), side, gone.signal)
      return reply.type(mime).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    } catch (error) {
      const report = toErrorReport(error)
      if (!(error instanceof RepriseError)) request.log.error({ report }, 'picture cannot be given')
      reply.removeHeader('etag')
      return fail(reply, statusOf[report.code] ?? 500, report)
    }
  }
}

function fail(reply: FastifyReply, status: number, report: ErrorReport): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send({ error: report })
}

const noPicture: ErrorReport = { code: 'data-missing', message: 'There is no such picture.' }
const wrongSide: ErrorReport = {
  code: 'usage',
  message: 'Pictures are not made in this size.',
  expected: `side: ${sides.join(', ')}`,
}
