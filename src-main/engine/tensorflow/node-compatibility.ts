// tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed, and util.isArray, which warns. Both are set before its
// kernels load, so this module is imported ahead of them.
import util from 'node:util'

const legacyUtil = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray: (value: unknown) => boolean }
legacyUtil.isArray = Array.isArray
legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined
