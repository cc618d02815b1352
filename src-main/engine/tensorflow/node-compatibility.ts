// tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. It must exist before its kernels load, so this
// module is imported ahead of them.
import util from 'node:util'

const legacyUtil = util as typeof util & { isNullOrUndefined?: (value: unknown) => boolean }
legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined
