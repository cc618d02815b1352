// The environment that a process which loads libtensorflow must be started with: the allocator, the dynamic linker and
// TensorFlow read it only at process start.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Libtensorflow } from './find-libtensorflow.ts'

const jemallocFolders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
]

/** Keeps freed memory, in huge pages: a step frees and takes the same hundreds of megabytes again and again. */
const jemallocSettings = 'thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,metadata_thp:auto'

/** The same for glibc's malloc: never mmap, never trim, grow by 256 MiB, one arena, huge pages. */
const glibcSettings = [
  'glibc.malloc.mmap_max=0',
  'glibc.malloc.trim_threshold=68719476736',
  'glibc.malloc.top_pad=268435456',
  'glibc.malloc.arena_max=1',
  'glibc.malloc.hugetlb=1',
].join(':')

/** The path of jemalloc as the distribution's package installs it, or null. */
export function findJemalloc(exists: (path: string) => boolean = existsSync): string | null {
  return jemallocFolders.map((folder) => join(folder, 'libjemalloc.so.2')).find(exists) ?? null
}

/** Allocator settings: jemalloc where it is installed, else glibc's tunables; 2-11 % of a training step on CPU. */
export function allocatorEnvironment(
  platform: NodeJS.Platform = process.platform,
  jemalloc: string | null = findJemalloc(),
): Record<string, string> {
  if (platform !== 'linux') return {}
  if (jemalloc !== null) return { LD_PRELOAD: jemalloc, MALLOC_CONF: jemallocSettings }
  return { GLIBC_TUNABLES: glibcSettings }
}

/**
 * Depthwise convolutions stay in float32 on CPUs: oneDNN's bfloat16 ones are slower, their filter gradients by far. A step of
 * EfficientNet-B0 in bfloat16 takes 578 ms so instead of 918, of MobileNetV2 384 instead of 469 (batch 16, AVX-512 BF16).
 */
const float32Operations = {
  TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_ALLOWLIST_REMOVE: [
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ].join(','),
}

function joinPaths(added: string[], existing: string | undefined): string {
  return [...added, ...(existing ? [existing] : [])].join(delimiter)
}

/**
 * The environment for a worker process that loads `library`: `base` with the allocator's settings, folders of the CUDA
 * libraries, and TensorFlow's own variables. What the user has set in `base` stays, as do other paths in lists.
 */
export function workerEnvironment(
  library: Libtensorflow,
  base: NodeJS.ProcessEnv = process.env,
  allocator: Record<string, string> = allocatorEnvironment(),
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    TF_CPP_MIN_LOG_LEVEL: '2',
    // Without it TensorFlow takes nearly all memory of every GPU at start.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(library.cudaFolders.length === 0 ? float32Operations : {}),
    ...allocator,
    ...base,
    REPRISE_LIBTENSORFLOW: library.folder,
  }
  if (base.LD_PRELOAD && allocator.LD_PRELOAD) env.LD_PRELOAD = `${allocator.LD_PRELOAD}:${base.LD_PRELOAD}`
  if (library.cudaFolders.length > 0) {
    env.LD_LIBRARY_PATH = joinPaths(library.cudaFolders, base.LD_LIBRARY_PATH)
    // XLA looks for libdevice and ptxas in the CUDA compiler's folder.
    const compiler = join(library.folder, 'nvidia', 'cuda_nvcc')
    env.XLA_FLAGS = [`--xla_gpu_cuda_data_dir=${compiler}`, base.XLA_FLAGS].filter(Boolean).join(' ')
    env.PATH = joinPaths([join(compiler, 'bin')], base.PATH)
  }
  return env
}
